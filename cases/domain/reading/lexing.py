"""From a plain text to sentences of classed words, and from those to what they say (`rules`)."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from cases.domain.reading import rules
from cases.domain.reading.carriers import HOUSES
from cases.domain.reading.dates import Found
from cases.domain.reading.words import COMMON
from cases.domain.sms import Meaning

Span = tuple[int, int]
_PUNCTUATION = {",": ",", "、": ",", "。": ".", ";": ".", "!": ".", "?": "?", "~": ","}
#: In brackets, and only in case: '(如已办理请忽略)'.
ASIDE = re.compile(r"\((?:如|若|详询|详情|注)[^()]{0,60}\)")
#: Words that mean something only where they lean on another.
_LEANING = frozenset({"after", "of"})
_STRONG_PLACES = re.compile(r"[,。;!?、~]|\.(?![0-9A-Za-z])")


@dataclass(frozen=True)
class Token:
    kind: str
    start: int
    end: int


@dataclass(frozen=True)
class Event:
    """Something that a message says, with the words that say it."""

    outcome: str
    tokens: tuple[Token, ...]
    sentence: int
    #: The classes that stand before it in its clause.
    before: frozenset[str]


@dataclass
class Sentence:
    tokens: list[Token]
    question: bool = False
    code: str = ""
    starts: list[int] = field(default_factory=list)

    def close(self) -> "Sentence":
        """Writes the classes as one string for the patterns, with the place where each begins."""
        parts: list[str] = []
        place = 0
        for token in self.tokens:
            self.starts.append(place)
            parts.append(f"<{token.kind}>")
            place += len(parts[-1])
        self.code = "".join(parts)
        return self


@cache
def _lexicon(slug: str | None) -> tuple[Mapping[str, str], re.Pattern[str]]:
    """Class by word, and one pattern for all words, longest first. Whose carrier is not known is read by all tables."""
    kinds: dict[str, str] = {}
    for kind, text in COMMON.items():
        for word in text.split():
            kinds[word] = kind
    for name, house in HOUSES.items():
        if slug in (None, name):
            for kind, text in house.words.items():
                kinds.update(dict.fromkeys(text.split(), kind))
    longest = sorted(kinds, key=len, reverse=True)
    return kinds, re.compile("|".join(map(re.escape, longest)))


def tokens_in(plain: str, slug: str | None, dates: Sequence[Found], hidden: Iterable[Span]) -> list[Token]:
    """The words, the days and the stops of a plain text in order; nothing in the hidden places is seen."""
    kinds, pattern = _lexicon(slug)
    taken = sorted([*hidden, *((found.start, found.end) for found in dates)])
    starts = [start for start, _ in taken]
    ends = _running_ends(taken)

    def free(start: int, end: int) -> bool:
        place = bisect_left(starts, end)
        return place == 0 or ends[place - 1] <= start

    found = [
        Token(kinds[word.group()], *word.span())
        for word in pattern.finditer(_veiled(plain, taken))
        if kinds[word.group()] != "skip"
    ]
    for day in dates:
        kind = "term" if day.term else "dateby" if day.by else "date"
        found.append(Token(kind, day.start, day.end))
    for stop in _STRONG_PLACES.finditer(plain):
        if free(*stop.span()):
            found.append(Token(_PUNCTUATION.get(stop.group(), "."), *stop.span()))
    found.sort(key=lambda token: token.start)
    return [token for place, token in enumerate(found) if token.kind not in _LEANING or _leans(found, place)]


def _running_ends(taken: Sequence[Span]) -> list[int]:
    ends: list[int] = []
    for _, end in taken:
        ends.append(max(end, ends[-1]) if ends else end)
    return ends


def _veiled(plain: str, taken: Sequence[Span]) -> str:
    """The text with the taken places blanked, so that no word is found across them."""
    letters = list(plain)
    for start, end in taken:
        letters[start:end] = "\0" * (end - start)
    return "".join(letters)


def _leans(tokens: Sequence[Token], place: int) -> bool:
    """Whether it stands right behind a word (销户后, but not 三天后), or is the 的 right before a thing (的宽带)."""
    token = tokens[place]
    behind = place > 0 and tokens[place - 1].end == token.start and tokens[place - 1].kind not in ",.?"
    thing = tokens[place + 1 : place + 2]
    return behind or (token.kind == "of" and any(it.kind == "fixed" and it.start == token.end for it in thing))


def sentences_of(tokens: Iterable[Token]) -> list[Sentence]:
    """The tokens cut at the stops; a comma stays as a token of its own."""
    made, current = [], Sentence([])
    for token in tokens:
        if token.kind in (".", "?"):
            current.question = token.kind == "?"
            made.append(current.close())
            current = Sentence([])
        else:
            current.tokens.append(token)
    made.append(current.close())
    return [sentence for sentence in made if sentence.tokens]


def events_in(sentences: Sequence[Sentence]) -> Iterator[Event]:
    """What the sentences say has happened; not what would happen if, or after, something else did."""
    for number, sentence in enumerate(sentences):
        if not sentence.question:
            yield from _events(number, sentence)
            yield from _promises(number, sentence)


def _events(number: int, sentence: Sentence) -> Iterator[Event]:
    tokens, place = sentence.tokens, 0
    clause: list[str] = []
    conditional = benign = after = after_here = False
    while place < len(tokens):
        kind = tokens[place].kind
        if kind == ",":
            clause, benign, after_here = [], False, False
            place += 1
            continue
        matched = _match(sentence, place)
        if matched is None:
            conditional = conditional or kind == "cond"
            benign = benign or kind == "benign"
            after = after_here = after or kind == "after"
            if kind == "now":  # 'this time', 'at present': the conditions before it are over
                conditional = after = False
            clause.append(kind)
            place += 1
            continue
        rule, end = matched
        used = tokens[place:end]
        done = used[0].kind == "past"
        following = tokens[end].kind if end < len(tokens) else ""
        refused = rule.outcome == Meaning.REFUSED
        void = (
            conditional
            or benign
            or following == "ask"
            or (following == "after" and not refused)
            or (following == "of" and rule.outcome == Meaning.DONE)
            or (not rule.needs and (after_here if done else after))
            or (rule.needs and not rule.needs & {token.kind for token in tokens})
            or rule.unless & set(clause) - ({"future", "please", "can"} if done else set())
        )
        if rule.outcome == rules.REVOCABLE or not void:
            yield Event(rule.outcome, tuple(used), number, frozenset(clause))
        conditional = conditional or used[0].kind == "cond"
        clause += [token.kind for token in used]
        place = end


def _match(sentence: Sentence, place: int) -> tuple[rules.Rule, int] | None:
    """The first rule that fits at a token, and the place of the token after what it takes."""
    for rule in rules.RULES:
        found = rule.pattern.match(sentence.code, sentence.starts[place])
        if found and found.end() > found.start():
            return rule, bisect_left(sentence.starts, found.end())
    return None


def _promises(number: int, sentence: Sentence) -> Iterator[Event]:
    """Days and terms by which the carrier says that something will be done."""
    clause: list[Token] = []
    blocked = False
    for place, token in enumerate([*sentence.tokens, Token(",", -1, -1)]):
        if token.kind in ("cond", "after"):
            blocked = True
        if token.kind != ",":
            clause.append(token)
            continue
        following = sentence.tokens[place + 1 : place + 2]
        if not blocked:
            yield from _promise(number, clause, bool(following))
        clause = []


def _promise(number: int, clause: list[Token], more: bool) -> Iterator[Event]:
    kinds = [token.kind for token in clause]
    days = [place for place, kind in enumerate(kinds) if kind in ("date", "dateby", "term")]
    if not days or set(kinds) & rules.NO_PROMISE or "past" in kinds[: days[-1]]:
        return
    day = days[-1]
    foretold = rules.FUTURE & set(kinds)
    acts = [token for token in clause if token.kind in ("finish", "cancel", "answer", "success", "pre")]
    handled = [token for token in clause[day + 1 :] if token.kind in ("handle", "audit", "revoke")]
    if (acts or (handled and foretold)) and (foretold or kinds[day] in ("dateby", "term")):
        outcome = "term" if kinds[day] == "term" and "promise" not in kinds else Meaning.PROMISED
        words = sorted(
            {token for token in clause if token.kind in rules.FUTURE} | {clause[day]} | set((acts + handled)[-1:]),
            key=lambda token: token.start,
        )
        yield Event(outcome, tuple(words), number, frozenset(kinds[:day]))
