"""What a screen may cost: database queries for a guest and for a member, in one place.

A member's page costs three more than a guest's: the session, the account, its groups.
"""

GUEST = {
    "front": 2,  # version of boards, counts
    "board": 5,  # version, counts, pinned, threads, people
    "thread": 7,  # version, thread, posts, people, post counts, scores, reactions
    "references": 1,  # titles and names that a page's posts refer to, where they do
    "log_of_posts": 2,  # log entries and their reasons, for removals, and as much for edits
    "whats_new": 3,  # version, threads, people
    "member": 5,  # version, card, posts, count, score
    "members": 4,  # version, members, counts, scores
    "log": 4,  # version, entries, reasons, head; one more where there are places to name
    "post": 2,  # version, place
}
MEMBER_MORE = 3
