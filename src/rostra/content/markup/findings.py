"""What a writer meets while it renders one source, collected in order and without repeats."""

from __future__ import annotations

from rostra.content.markup.references import QuoteFound, QuoteState, Rendered, UploadRef


class Findings:
    """Collects mentions, quotes and links; every dialect adds to one of these.

    While `quote_depth` is above 0 mentions are not collected: they were told when first written.
    """

    __slots__ = (
        "_links", "_mentions", "_posts", "_quotes", "_threads", "_uploads", "quote_depth",
    )  # fmt: skip

    def __init__(self) -> None:
        self.quote_depth = 0
        self._mentions: dict[int, None] = {}
        self._quotes: dict[QuoteFound, None] = {}
        self._links: dict[str, None] = {}
        self._threads: dict[int, None] = {}
        self._posts: dict[int, None] = {}
        self._uploads: dict[str, str] = {}

    def add_mention(self, member_id: int) -> None:
        """Note that a member is mentioned, unless somebody else's words are quoted."""
        if not self.quote_depth:
            self._mentions[member_id] = None

    def add_quote(self, post_id: int, state: QuoteState) -> None:
        """Note that a known post is quoted, and how faithfully."""
        self._quotes[QuoteFound(post_id, state)] = None

    def add_link(self, url: str) -> None:
        """Note an address outside this forum that is linked."""
        self._links[url] = None

    def add_thread(self, thread_id: int) -> None:
        """Note that one of this forum's threads is linked."""
        self._threads[thread_id] = None

    def add_post(self, post_id: int) -> None:
        """Note that one of this forum's posts is linked."""
        self._posts[post_id] = None

    def add_upload(self, upload: UploadRef) -> None:
        """Note that something uploaded is shown."""
        self._uploads[upload.key] = upload.kind

    def links(self) -> tuple[str, ...]:
        """Return the addresses outside this forum that are linked."""
        return tuple(self._links)

    def rendered(self, html: str) -> Rendered:
        """Join the finished html and what was found into one value."""
        return Rendered(
            html,
            tuple(self._mentions),
            tuple(self._quotes),
            self.links(),
            tuple(self._threads),
            tuple(self._posts),
            *(
                tuple(key for key, kind in self._uploads.items() if kind == wanted)
                for wanted in ("picture", "file")
            ),
        )
