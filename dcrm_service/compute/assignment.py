"""Who of those at work takes which ticket: pure, one pass over the tickets in order."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace


@dataclass
class Agent:
    """Somebody who may be given tickets now.

    :param user: an id
    :param load: how many tickets they have open
    :param most: how many they may have open, 0: any number
    :param turn: who was given one longest ago has the smallest
    :param skills: of each kind of skill the ids that they know, empty: all of them
    """

    user: int
    load: int = 0
    most: int = 0
    turn: int = 0
    skills: dict[str, frozenset] = field(default_factory=dict)

    def has_room(self) -> bool:
        return not self.most or self.load < self.most

    def fit(self, needs: dict[str, frozenset]) -> int | None:
        """Return how many of the needs are a special skill, None where one lacks.

        >>> smith = Agent(1, skills={"kind": frozenset({7})})
        >>> smith.fit({"kind": frozenset({7})}), smith.fit({"kind": frozenset({8})})
        (1, None)
        >>> smith.fit({"kind": frozenset()}), Agent(2).fit({"kind": frozenset({8})})
        (0, 0)
        """
        special = 0
        for name, known in self.skills.items():
            needed = needs.get(name)
            if known and needed:
                if not known & needed:
                    return None
                special += 1
        return special


@dataclass(frozen=True)
class Request:
    """A ticket that waits for somebody.

    :param ticket: an id
    :param needs: of each kind of skill the ids of which any one serves, empty: none
    :param dedicated: ids of the customer's own people, who come first
    """

    ticket: int
    needs: dict[str, frozenset] = field(default_factory=dict)
    dedicated: tuple[int, ...] = ()


def share_out(
    requests: Iterable[Request], agents: Iterable[Agent], in_turn: bool = False
) -> dict[int, int]:
    """Return ``{ticket: user}`` of the tickets that somebody can take, in their order.

    The customer's own people come first, whatever they are skilled in; then who has
    most of the special skills that the ticket needs; of several the one with fewest
    open tickets, or whose turn it is. Who has no room gets none, and a ticket that
    nobody is skilled in stays where it is.

    >>> two = [Agent(1, load=1), Agent(2)]
    >>> share_out([Request(10), Request(11), Request(12)], two)
    {10: 2, 11: 1, 12: 2}
    >>> share_out([Request(10, dedicated=(1,)), Request(11)], [Agent(1), Agent(2)])
    {10: 1, 11: 2}
    >>> share_out([Request(10), Request(11)], [Agent(1, most=1)])
    {10: 1}
    """
    agents = {agent.user: replace(agent) for agent in agents}
    last = max((agent.turn for agent in agents.values()), default=0)
    given = {}
    for request in requests:
        agent = _dedicated(request, agents) or _best(request, agents.values(), in_turn)
        if agent:
            last += 1
            agent.load, agent.turn = agent.load + 1, last
            given[request.ticket] = agent.user
    return given


def _dedicated(request, agents):
    own = (agents.get(user) for user in request.dedicated)
    return next((agent for agent in own if agent and agent.has_room()), None)


def _best(request, agents, in_turn):
    fits = [
        (fit, agent)
        for agent in agents
        if agent.has_room() and (fit := agent.fit(request.needs)) is not None
    ]
    if not fits:
        return None
    return min(fits, key=lambda each: _rank(*each, in_turn))[1]


def _rank(fit, agent, in_turn):
    load = 0 if in_turn else agent.load
    return -fit, load, agent.turn, agent.user
