"""From a plain text to sentences of classed words, and from those to what they say (`rules`)."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise

from cases.formats.sms import grammar
from cases.formats.sms.carriers import HOUSES
from cases.formats.sms.dates import Found
from cases.formats.sms.types import Meaning
from cases.formats.sms.vocabulary import COMMON

Span = tuple[int, int]
_PUNCTUATION = {",": ",", "、": ",", "。": ".", ";": ".", "!": ".", "?": "?", "~": ","}
#: In brackets, and only in case: '(如已办理请忽略)'.
ASIDE = re.compile(r"\((?:如|若|详询|详情|注)[^()]{0,60}\)")
#: Words that mean something only where they lean on another.
_LEANING = frozenset({"after", "of"})
_FILLING = re.compile(
    r"(?:客户|用户|号码|手机号?码?|移动电话|电话|上述|名下|正式|全部|自动|立即|办理|进行|操作|执行|予以|系统|后台|业务|手续|服务|"
    r"事宜|事项|要求|根据|需求|处理|通知|状态|物联网卡?|[\0\1()“”\"':的为给帮替由您你该此本其在于做作了所均就号尾单卡应按照从])*+"
)
_STRONG_PLACES = re.compile(r"[,。;!?、~]|(?<![0-9])\.(?![0-9A-Za-z])")


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
    #: The plain text, with numbers, days and addresses blanked.
    veiled: str
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


def veil(plain: str, spans: Iterable[Span], blank: str = "\1") -> str:
    """The text with these places blanked, so that no word is found across them; a number's blank is NUL."""
    letters = list(plain)
    for start, end in spans:
        letters[start:end] = blank * (end - start)
    return "".join(letters)


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
        for word in pattern.finditer(veil(plain, taken))
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


def _leans(tokens: Sequence[Token], place: int) -> bool:
    """Whether it stands right behind a word: 销户后, but not 三天后."""
    return place > 0 and tokens[place - 1].end == tokens[place].start and tokens[place - 1].kind not in ",.?"


def sentences_of(tokens: Iterable[Token], veiled: str) -> list[Sentence]:
    """The tokens cut at the stops; a comma stays as a token of its own."""
    made, current = [], Sentence([], veiled)
    for token in tokens:
        if token.kind in (".", "?"):
            current.question = token.kind == "?"
            made.append(current.close())
            current = Sentence([], veiled)
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
            or (rule.tight and not _is_tight(sentence.veiled, used))
            or rule.unless & set(clause) - ({"future", "please", "can"} if done else set())
        )
        if rule.outcome == grammar.REVOCABLE or not void:
            yield Event(rule.outcome, tuple(used), number, frozenset(clause))
        conditional = conditional or used[0].kind == "cond"
        clause += [token.kind for token in used]
        place = end


def _is_tight(veiled: str, tokens: Sequence[Token]) -> bool:
    """Whether nothing but filling words stands between the tokens."""
    return all(_FILLING.fullmatch(veiled, first.end, second.start) for first, second in pairwise(tokens))


def _match(sentence: Sentence, place: int) -> tuple[grammar.Rule, int] | None:
    """The first rule that fits at a token, and the place of the token after what it takes."""
    for rule in grammar.RULES:
        found = rule.pattern.match(sentence.code, sentence.starts[place])
        if found and found.end() > found.start():
            return rule, bisect_left(sentence.starts, found.end())
    return None


def _promises(number: int, sentence: Sentence) -> Iterator[Event]:
    """Days and terms by which the carrier says that something will be done."""
    clause: list[Token] = []
    blocked = False
    for token in [*sentence.tokens, Token(",", -1, -1)]:
        if token.kind in ("cond", "after"):
            blocked = True
        if token.kind != ",":
            clause.append(token)
            continue
        yield from _promise(number, clause, blocked)
        clause = []


def _promise(number: int, clause: list[Token], blocked: bool) -> Iterator[Event]:
    """A promise; 'ending' where it only comes about if something else does ('若您未撤销，将于…销户')."""
    kinds = [token.kind for token in clause]
    days = [place for place, kind in enumerate(kinds) if kind in ("date", "dateby", "term")]
    if not days or set(kinds) & grammar.NO_PROMISE or "past" in kinds[: days[-1]]:
        return
    day = days[-1]
    foretold = grammar.FUTURE & set(kinds)
    acts = [token for token in clause if token.kind in ("finish", "cancel", "answer", "success", "pre")]
    handled = [token for token in clause[day + 1 :] if token.kind in ("handle", "audit", "revoke")]
    if (acts or (handled and foretold)) and (foretold or kinds[day] in ("dateby", "term")):
        outcome = "term" if kinds[day] == "term" and "promise" not in kinds else Meaning.PROMISED
        words = sorted(
            {token for token in clause if token.kind in grammar.FUTURE} | {clause[day]} | set((acts + handled)[-1:]),
            key=lambda token: token.start,
        )
        if blocked:
            outcome = grammar.ENDING
        yield Event(outcome, tuple(words), number, frozenset(kinds[:day]))
