"""What falls due by the clock, and what is looked at again before a message leaves: their shapes."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from bot.domain.rulebook import Rules
from bot.messages import Outgoing
from bot.store.database import Tx

#: Returns what is to be sent for what fell due in (since, until]; writes its plans itself.
Planner = Callable[[Tx, datetime, datetime], list[Outgoing]]
#: Says whether the reason of a message still holds; a moment: it does, and not before then.
Reason = Callable[[Tx, str, datetime], bool | datetime]

#: Made with the rules and the codes of the districts that this process serves.
Planners = Mapping[str, Callable[[Rules, Sequence[str]], Planner]]
Reasons = Mapping[str, Reason]
