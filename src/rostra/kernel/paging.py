"""Pages of a numbered list, and the few page links worth showing."""

PER_PAGE = 20
PER_PAGE_CHOICES = (10, 20, 50)


def page_of(number: int, per_page: int = PER_PAGE) -> int:
    """Return the page that holds item `number`; both count from 1."""
    return (number - 1) // per_page + 1


def page_count(last_number: int, per_page: int = PER_PAGE) -> int:
    """Return how many pages hold items 1 to `last_number`; an empty list has one page."""
    return page_of(max(last_number, 1), per_page)


def numbers_on(page: int, per_page: int = PER_PAGE) -> tuple[int, int]:
    """Return the first and last item number of a page."""
    first = (page - 1) * per_page + 1
    return first, first + per_page - 1


def links_around(page: int, last: int, *, reach: int = 2) -> list[int | None]:
    """Return the page numbers to link: the ends and the neighbours; None stands for a gap."""
    wanted = sorted(
        {1, last} | {n for n in range(page - reach, page + reach + 1) if 1 <= n <= last}
    )
    links: list[int | None] = []
    for number in wanted:
        if links and links[-1] is not None and number - links[-1] == 2:
            links.append(number - 1)
        elif links and links[-1] is not None and number - links[-1] > 2:
            links.append(None)
        links.append(number)
    return links
