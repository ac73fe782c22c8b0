"""All cards that apply, in layers: what is found in an upper one stands for the same model in those below it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from tokencli.errors import ExitCode, TokError
from tokencli.model.rates import Card, CardHead, PricedModel
from tokencli.rates import names
from tokencli.rates.index import Entry, Index, compile_cards


class Layer:
    """Cards of one origin, opened when they are first asked for; where `makers` counts, a maker's own price goes before
    those of others that sell the model."""

    __slots__ = ("makers", "open")

    def __init__(self, open: Callable[[], Index], *, makers: bool = True) -> None:
        self.open = open
        self.makers = makers


class Cards:
    """The cards of all layers, topmost first; `prefer` are the providers whose price is meant where several sell a
    model, the first one first."""

    def __init__(self, layers: Sequence[Layer], prefer: Sequence[str] = ()) -> None:
        self.layers = tuple(layers)
        self.prefer = tuple(name.lower() for name in prefer)
        self._open: dict[int, Index] = {}
        self._leading: dict[str, list[str]] | None = None

    def above(self, number: int, cards: Sequence[Card]) -> Cards:
        """These cards and, as a layer above the one of that number, others that stand in no file."""
        if not cards:
            return self
        layer = Layer(lambda: Index(compile_cards(cards, lambda head, model: False, {})))
        return Cards([*self.layers[:number], layer, *self.layers[number:]], self.prefer)

    def find(self, name: str, provider: str = "") -> PricedModel:
        """The model of a name, by its id or an alias in any case, `provider/name`, `provider:name`, or either with the
        date of a snapshot at its end.

        TokError `unknown-model` (with the nearest names), `ambiguous-model` (with all that are meant) and
        `unknown-provider` for a `provider` that has no card; all of them data.
        """
        asked = name.strip().lower()
        readings = self._readings(asked, provider.strip().lower())
        for providers, bare in readings:
            found = self._sold(bare, providers)
            if (undated := names.undated(bare))[1]:
                found = self._or_snapshot(found, self._sold(undated[0], providers, dated=True))
            if found:
                return self._meant(name, found)
        raise self._unknown(name, *readings[0])

    def models(self) -> Iterator[PricedModel]:
        """Every model once, sorted by provider and id."""
        return _once(self._at(number).models() for number in range(len(self.layers)))

    def beginning(self, prefix: str, provider: str) -> Iterator[PricedModel]:
        """Every model of a provider once that has a name which begins so, sorted by id; no other is parsed."""
        prefix = prefix.lower()
        return _once(
            [
                index.model(entry)
                for _, entries in index.beginning(prefix)
                for entry in entries
                if entry.provider == provider
            ]
            for index in map(self._at, range(len(self.layers)))
        )

    def origins(self, model: PricedModel) -> tuple[str, ...]:
        """Where cards price this model of this provider, topmost first: the first one holds."""
        return tuple(
            found.card.origin
            for number in range(len(self.layers))
            for entry in self._at(number).entries(model.id.lower())
            if _key(found := self._at(number).model(entry)) == _key(model)
        )

    def heads(self) -> tuple[CardHead, ...]:
        """The heads of all cards, those of upper layers first."""
        return tuple(head for number in range(len(self.layers)) for head in self._at(number).heads())

    def _at(self, number: int) -> Index:
        if number not in self._open:
            self._open[number] = self.layers[number].open()
        return self._open[number]

    def _readings(self, asked: str, provider: str) -> list[tuple[frozenset[str] | None, str]]:
        """What a name may mean, first the likeliest: (the providers it names, None for any; the rest of it)."""
        named = self.providers(provider) if provider else None
        marks = [at for mark in "/:" if (at := asked.find(mark)) > 0]
        readings: list[tuple[frozenset[str] | None, str]] = [(named, asked)]
        if marks and (prefix := self._providers(asked[: min(marks)])):
            readings.insert(0, (prefix if named is None else prefix & named, asked[min(marks) + 1 :]))
        return readings

    def providers(self, word: str) -> frozenset[str]:
        """The providers that a word names: an id, an alias or another prefix; TokError `unknown-provider` for none."""
        named = self._providers(word.strip().lower())
        if not named:
            raise self._no_provider(word)
        return named

    def _providers(self, word: str) -> frozenset[str]:
        """The providers that a word names, in whichever layer they have cards."""
        if self._leading is None:
            self._leading = {}
            for number in range(len(self.layers)):
                for prefix, ids in self._at(number).providers().items():
                    self._leading.setdefault(prefix, []).extend(ids)
        return frozenset(self._leading.get(word, ()))

    def _unknown(self, name: str, providers: frozenset[str] | None, bare: str) -> TokError:
        rest = bare if providers else bare.partition("/")[2]
        elsewhere = [self._at(number).model(entry) for number, entry in self._sold(rest, None)]
        own, everywhere = [], []
        for number in range(len(self.layers)):
            for one, sellers in self._at(number).names():
                everywhere.append(one)
                own += [f"{seller}/{one}" for seller in sellers if providers and seller in providers]
        return names.unknown(name, everywhere, own, elsewhere)

    def _no_provider(self, word: str) -> TokError:
        from difflib import get_close_matches

        near = get_close_matches(word, self._leading or {}, n=3)
        hint = f"nearest: {', '.join(near)}" if near else "`tok rates list` names the providers"
        return TokError(f"no rate card of a provider '{word}'", hint=hint, code="unknown-provider", exit=ExitCode.DATA)

    def _sold(self, name: str, providers: frozenset[str] | None, *, dated: bool = False) -> list[tuple[int, Entry]]:
        """Who sells a model of this name in the topmost layer where anybody does; (number of the layer, entry)."""
        for number in range(len(self.layers)):
            found = [
                (number, entry)
                for entry in self._at(number).entries(name)
                if (providers is None or entry.provider in providers)
                and not (dated and not self._at(number).model(entry).snapshots)
                and not self._replaced(number, entry)
            ]
            if found:
                return found
        return []

    def _or_snapshot(self, found: list[tuple[int, Entry]], dated: list[tuple[int, Entry]]) -> list[tuple[int, Entry]]:
        """Who sells a dated name: those that have it as it is written, and, where the maker is none of them, the maker
        who has it without the date; those without the date, where nobody has it."""
        if not found:
            return dated
        number = found[0][0]
        if not self.layers[number].makers or any(entry.own for _, entry in found):
            return found
        return [*found, *(one for one in dated if one[0] == number and one[1].own)]

    def _replaced(self, number: int, entry: Entry) -> bool:
        """Whether an upper layer has the same model of the same provider, which stands for it as a whole."""
        if not number:
            return False
        model = self._at(number).model(entry)
        return any(
            _key(self._at(upper).model(one)) == _key(model)
            for upper in range(number)
            for one in self._at(upper).entries(model.id.lower())
            if one.provider == entry.provider
        )

    def _meant(self, name: str, found: list[tuple[int, Entry]]) -> PricedModel:
        """The one that is meant among several sellers: at a preferred provider, or at the maker; else TokError."""
        choices = [[one for one in found if one[1].provider in self._providers(word)] for word in self.prefer]
        own = [one for one in found if one[1].own] if self.layers[found[0][0]].makers else []
        for few in [found, *choices, own]:
            if len(few) == 1:
                return self._at(few[0][0]).model(few[0][1])
        # Of a maker's price lists for several regions one is meant; who sells its models again is beside the question.
        raise names.ambiguous(name, [self._at(number).model(entry) for number, entry in own or found])


def _once(layers: Iterable[Iterable[PricedModel]]) -> Iterator[PricedModel]:
    """The models of all layers, topmost first, each where it is found first, sorted by provider and id."""
    found: dict[tuple[str, str], PricedModel] = {}
    for models in layers:
        upper = frozenset(found)
        found |= {_key(model): model for model in models if _key(model) not in upper}
    return iter([found[key] for key in sorted(found)])


def _key(model: PricedModel) -> tuple[str, str]:
    return model.card.provider, model.id.lower()
