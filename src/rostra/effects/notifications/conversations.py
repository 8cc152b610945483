"""What members are told of their conversations. All of it is harmless twice."""

from __future__ import annotations

from collections.abc import Sequence

from rostra.effects.notifications import actions
from rostra.effects.notifications.rules import Telling, group_of_conversation
from rostra.forum.conversations.events import (
    MemberLeft,
    MembersInvited,
    MessageChanged,
    MessageSent,
)
from rostra.forum.conversations.queries import hearing_of, newest_message
from rostra.forum.members.ties import ignoring
from rostra.kernel.events import after, after_many


@after_many(MessageSent)
def tell_of_messages(happened: Sequence[MessageSent]) -> None:
    """Tell who sits in a conversation, and does not ignore who wrote."""
    heard = hearing_of([one.message_id for one in happened])
    ids = {member_id for hearing in heard.values() for member_id in hearing.member_ids}
    ignored = ignoring(ids, {one.author_id for one in happened})
    tellings = [
        _telling(member_id, message_id, hearing.conversation_id, hearing.author_id)
        for message_id, hearing in heard.items()
        for member_id in hearing.member_ids
        if (member_id, hearing.author_id) not in ignored
    ]
    actions.tell(tellings, one_letter=True)


@after(MembersInvited)
def tell_of_invitation(happened: MembersInvited) -> None:
    """Tell who was asked into a conversation of its last message."""
    message_id = newest_message(happened.conversation_id)
    if message_id is None:
        return
    ignored = ignoring(happened.member_ids, [happened.by_id])
    heard = hearing_of([message_id])[message_id].member_ids
    actions.tell(
        [
            _telling(member_id, message_id, happened.conversation_id, happened.by_id)
            for member_id in happened.member_ids
            if member_id in heard and (member_id, happened.by_id) not in ignored
        ],
        one_letter=True,
    )


@after(MessageChanged)
def tell_no_more(happened: MessageChanged) -> None:
    """Tell nobody of a message that was taken back."""
    if happened.is_withdrawn:
        actions.forget_message(happened.message_id)


@after(MemberLeft)
def forget_conversation(happened: MemberLeft) -> None:
    """Tell a member no more of a conversation that they left."""
    group = group_of_conversation(happened.conversation_id)
    actions.forget_group(happened.member_id, group)


def _telling(
    member_id: int, message_id: int, conversation_id: int, actor_id: int | None
) -> Telling:
    return Telling(
        member_id,
        "message",
        key=f"message:{message_id}",
        group=group_of_conversation(conversation_id),
        post_id=None,
        actor_id=actor_id,
        message_id=message_id,
    )
