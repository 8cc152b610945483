"""What a screen may cost: database queries for a guest and for a member, in one place.

A member's page costs one more than a guest's: the session with the account and its groups.
"""

GUEST = {
    "front": 2,  # version of boards, counts
    "board": 4,  # version, counts, pinned, threads
    "thread": 4,  # version, thread, authors, reactions and scores
    "changed_thread": 1,  # posts, where they have changed since the process last showed them
    "poll": 1,  # what can be chosen, the counts, one's own votes
    "cards": 1,  # documents, where a thread shows any
    "claims": 2,  # claims and what is said of them, however many, where a thread has any
    "claim": 7,  # version, claim, entries, these again for roots, events, known documents, notes
    "claims_list": 2,  # version, claims
    "claim_changes": 3,  # version, what happened, to which claims
    "document": 5,  # version, document, links, when its text was saved, its publisher's record
    "publisher": 5,  # version, publisher, documents, record, what was said of it
    "references": 1,  # titles and names that a page's posts refer to, where they do
    "log_of_posts": 2,  # log entries and their reasons, for removals, and as much for edits
    "whats_new": 2,  # version, threads
    "tag": 2,  # version, threads
    "member": 6,  # version, card, former names, posts, count, score
    "members": 4,  # version, members, counts, scores
    # Version, entries, reasons, taken back, rules, appeals and how many are overdue, head, actors;
    # one more with places.
    "log": 9,
    "search": 7,  # version, spans, matches, their ids, their posts, if the index is whole, claims
    "post": 2,  # version, place
}
MEMBER_MORE = 1
MEMBER_OWN = {"board": 1, "whats_new": 1, "tag": 2}  # what these are to them
MAY_WRITE = 2  # on another member's page: how they stand, and whether they reach them

CONVERSATIONS = {  # as a member; each with session and version
    "list": 4,  # conversations, who is in them
    "found": 5,  # conversations, the messages that fit, who is in them
    "page": 5,  # seat, people, messages; one more where messages refer to posts
    "new": 4,  # draft, standing
    "reply": 5,  # seat, draft, standing
    "invite": 4,  # seat, people
    "report": 5,  # message, whether it was reported, rules
}

COLD_LOAD = {"requests": 8, "bytes": 70_000}  # of a thread page of twenty posts, in a fresh browser

WRITING = {  # as a member
    "start": 4,  # session, version, draft, standing
    "reply": 5,  # session, version, thread, draft, standing
    "reply_to": 7,  # the same, and the post twice: its place, its words
    "edit": 4,  # session, version, post, draft
    "history": 4,  # session, version, post, revisions
    "reactions": 5,  # session, version, post, counts, who
}

OWN_DATA = 4  # the page on which it is asked for: session twice, version, archive

WAITING = {  # as a moderator, with session and version
    "queue": 5,  # version, what waits, rules, whether newcomers wait, for the page and its frame
}
