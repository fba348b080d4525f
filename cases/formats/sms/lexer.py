"""From a plain text to sentences of classed words, and from those to what they say (`grammar`)."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise

from cases.domain.message_meaning import Meaning
from cases.formats.sms import grammar
from cases.formats.sms.carriers import CARRIER_PROFILES
from cases.formats.sms.dates import DateMention
from cases.formats.sms.vocabulary import WORDS_BY_KIND

Span = tuple[int, int]
_PUNCTUATION = {",": ",", "、": ",", "。": ".", ";": ".", "!": ".", "?": "?", "~": ","}
#: In brackets, and only in case: '(如已办理请忽略)'.
ASIDE = re.compile(r"\((?:如|若|详询|详情|注)[^()]{0,60}\)")
#: Words that mean something only where they lean on another.
_LEANING_KINDS = frozenset({"after", "of"})
_FILLER = re.compile(
    r"(?:客户|用户|号码|手机号?码?|移动电话|电话|上述|名下|正式|全部|自动|立即|办理|进行|操作|执行|予以|系统|后台|业务|手续|服务|"
    r"事宜|事项|要求|根据|需求|处理|通知|状态|物联网卡?|[\0\1()“”\"':的为给帮替由您你该此本其在于做作了所均就号尾单卡应按照从])*+"
)
_STOPS = re.compile(r"[,。;!?、~]|(?<![0-9])\.(?![0-9A-Za-z])")


@dataclass(frozen=True)
class Token:
    kind: str
    start: int
    end: int


@dataclass(frozen=True)
class SmsEvent:
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
    blanked: str
    is_question: bool = False
    kind_string: str = ""
    starts: list[int] = field(default_factory=list)

    def encode_kinds(self) -> "Sentence":
        """Writes the classes as one string for the patterns, with the place where each begins."""
        parts: list[str] = []
        place = 0
        for token in self.tokens:
            self.starts.append(place)
            parts.append(f"<{token.kind}>")
            place += len(parts[-1])
        self.kind_string = "".join(parts)
        return self


@cache
def _lexicon(slug: str | None) -> tuple[Mapping[str, str], re.Pattern[str]]:
    """Class by word, and one pattern for all words, longest first. Whose carrier is not known is read by all tables."""
    kinds: dict[str, str] = {}
    for kind, text in WORDS_BY_KIND.items():
        for word in text.split():
            kinds[word] = kind
    for name, profile in CARRIER_PROFILES.items():
        if slug in (None, name):
            for kind, text in profile.vocabulary.items():
                kinds.update(dict.fromkeys(text.split(), kind))
    longest = sorted(kinds, key=len, reverse=True)
    return kinds, re.compile("|".join(map(re.escape, longest)))


def blank_out(plain: str, spans: Iterable[Span], blank: str = "\1") -> str:
    """The text with these places blanked, so that no word is found across them; a number's blank is NUL."""
    letters = list(plain)
    for start, end in spans:
        letters[start:end] = blank * (end - start)
    return "".join(letters)


def tokenize(plain: str, slug: str | None, dates: Sequence[DateMention], hidden_spans: Iterable[Span]) -> list[Token]:
    """The words, the days and the stops of a plain text in order; nothing in the hidden places is seen."""
    kinds, pattern = _lexicon(slug)
    excluded = sorted([*hidden_spans, *((mention.start, mention.end) for mention in dates)])
    starts = [start for start, _ in excluded]
    ends = _running_ends(excluded)

    def is_free(start: int, end: int) -> bool:
        index = bisect_left(starts, end)
        return index == 0 or ends[index - 1] <= start

    tokens = [
        Token(kinds[word.group()], *word.span())
        for word in pattern.finditer(blank_out(plain, excluded))
        if kinds[word.group()] != "skip"
    ]
    for day in dates:
        kind = "term" if day.is_term else "dateby" if day.is_deadline else "date"
        tokens.append(Token(kind, day.start, day.end))
    for stop in _STOPS.finditer(plain):
        if is_free(*stop.span()):
            tokens.append(Token(_PUNCTUATION.get(stop.group(), "."), *stop.span()))
    tokens.sort(key=lambda token: token.start)
    return [
        token
        for index, token in enumerate(tokens)
        if token.kind not in _LEANING_KINDS or _leans_on_previous(tokens, index)
    ]


def _running_ends(spans: Sequence[Span]) -> list[int]:
    ends: list[int] = []
    for _, end in spans:
        ends.append(max(end, ends[-1]) if ends else end)
    return ends


def _leans_on_previous(tokens: Sequence[Token], index: int) -> bool:
    """Whether it stands right behind a word: 销户后, but not 三天后."""
    return index > 0 and tokens[index - 1].end == tokens[index].start and tokens[index - 1].kind not in ",.?"


def split_sentences(tokens: Iterable[Token], blanked: str) -> list[Sentence]:
    """The tokens cut at the stops; a comma stays as a token of its own."""
    sentences, current = [], Sentence([], blanked)
    for token in tokens:
        if token.kind in (".", "?"):
            current.is_question = token.kind == "?"
            sentences.append(current.encode_kinds())
            current = Sentence([], blanked)
        else:
            current.tokens.append(token)
    sentences.append(current.encode_kinds())
    return [sentence for sentence in sentences if sentence.tokens]


def extract_events(sentences: Sequence[Sentence]) -> Iterator[SmsEvent]:
    """What the sentences say has happened; not what would happen if, or after, something else did."""
    for number, sentence in enumerate(sentences):
        if not sentence.is_question:
            yield from _events(number, sentence)
            yield from _promises(number, sentence)


def _events(number: int, sentence: Sentence) -> Iterator[SmsEvent]:
    tokens, place = sentence.tokens, 0
    clause: list[str] = []
    conditional = benign = after = after_here = False
    while place < len(tokens):
        kind = tokens[place].kind
        if kind == ",":
            clause, benign, after_here = [], False, False
            place += 1
            continue
        match = _match_rule(sentence, place)
        if match is None:
            conditional = conditional or kind == "cond"
            benign = benign or kind == "benign"
            after = after_here = after or kind == "after"
            if kind == "now":  # 'this time', 'at present': the conditions before it are over
                conditional = after = False
            clause.append(kind)
            place += 1
            continue
        rule, end = match
        matched_tokens = tokens[place:end]
        is_past = matched_tokens[0].kind == "past"
        following = tokens[end].kind if end < len(tokens) else ""
        is_refusal = rule.outcome == Meaning.REFUSED
        is_void = (
            conditional
            or benign
            or following == "ask"
            or (following == "after" and not is_refusal)
            or (following == "of" and rule.outcome == Meaning.DONE)
            or (not rule.needs and (after_here if is_past else after))
            or (rule.needs and not rule.needs & {token.kind for token in tokens})
            or (rule.tight and not _is_tight(sentence.blanked, matched_tokens))
            or rule.unless & set(clause) - ({"future", "please", "can"} if is_past else set())
        )
        if rule.outcome == grammar.REVOCABLE or not is_void:
            yield SmsEvent(rule.outcome, tuple(matched_tokens), number, frozenset(clause))
        conditional = conditional or matched_tokens[0].kind == "cond"
        clause += [token.kind for token in matched_tokens]
        place = end


def _is_tight(blanked: str, tokens: Sequence[Token]) -> bool:
    """Whether nothing but filling words stands between the tokens."""
    return all(_FILLER.fullmatch(blanked, first.end, second.start) for first, second in pairwise(tokens))


def _match_rule(sentence: Sentence, place: int) -> tuple[grammar.Rule, int] | None:
    """The first rule that fits at a token, and the place of the token after what it takes."""
    for rule in grammar.RULES:
        match = rule.pattern.match(sentence.kind_string, sentence.starts[place])
        if match and match.end() > match.start():
            return rule, bisect_left(sentence.starts, match.end())
    return None


def _promises(number: int, sentence: Sentence) -> Iterator[SmsEvent]:
    """Days and terms by which the carrier says that something will be done."""
    clause: list[Token] = []
    is_conditional = False
    for token in [*sentence.tokens, Token(",", -1, -1)]:
        if token.kind in ("cond", "after"):
            is_conditional = True
        if token.kind != ",":
            clause.append(token)
            continue
        yield from _promise(number, clause, is_conditional)
        clause = []


def _promise(number: int, clause: list[Token], is_conditional: bool) -> Iterator[SmsEvent]:
    """A promise; 'ending' where it only comes about if something else does ('若您未撤销，将于…销户')."""
    kinds = [token.kind for token in clause]
    days = [place for place, kind in enumerate(kinds) if kind in ("date", "dateby", "term")]
    if not days or set(kinds) & grammar.NO_PROMISE or "past" in kinds[: days[-1]]:
        return
    day = days[-1]
    future_kinds = grammar.FUTURE & set(kinds)
    act_tokens = [token for token in clause if token.kind in ("finish", "cancel", "answer", "success", "pre")]
    handling_tokens = [token for token in clause[day + 1 :] if token.kind in ("handle", "audit", "revoke")]
    if (act_tokens or (handling_tokens and future_kinds)) and (future_kinds or kinds[day] in ("dateby", "term")):
        outcome = "term" if kinds[day] == "term" and "promise" not in kinds else Meaning.PROMISED
        tokens = sorted(
            {token for token in clause if token.kind in grammar.FUTURE}
            | {clause[day]}
            | set((act_tokens + handling_tokens)[-1:]),
            key=lambda token: token.start,
        )
        if is_conditional:
            outcome = grammar.ENDING
        yield SmsEvent(outcome, tuple(tokens), number, frozenset(kinds[:day]))
