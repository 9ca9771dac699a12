"""The campaign by hand: see the package's own words."""

import argparse
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from aap_xl.appels.loader import Catalogue
from fuzz.judge import Judge
from fuzz.mutations import Mutant, mutant
from fuzz.seeds import ours, saved_by_libreoffice


def main() -> int:
    """Returns: 1 if anything happened that must not."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=9)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--log", type=Path, help="one line per mutant; the campaign goes on after the last one")
    parser.add_argument("--only", type=int, nargs="*", help="these numbers, and what each gives")
    parser.add_argument("--keep", type=Path, help="a folder for the mutants at fault")
    parser.add_argument("--libreoffice", action="store_true", help="its files too")
    args = parser.parse_args()
    catalogue = Catalogue()
    seeds = ours(catalogue)
    if args.libreoffice:
        seeds |= saved_by_libreoffice(seeds)
    counts: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        judge = Judge(catalogue, Path(folder), seeds)
        for made in _mutants(seeds, args):
            verdict = judge.judge(made)
            counts[verdict.outcome] += 1
            line = json.dumps([made.number, made.name, made.done, verdict.outcome, verdict.detail], ensure_ascii=False)
            if args.log:
                with args.log.open("a", encoding="utf-8") as log:
                    log.write(f"{line}\n")
            if verdict.fault or args.only:
                print(line, flush=True)
                _keep(args.keep, made)
    print(dict(counts))
    return int(any(outcome.isupper() for outcome in counts))


def _mutants(seeds: dict[str, bytes], args: argparse.Namespace) -> Iterator[Mutant]:
    done = 0
    if args.log and args.log.exists():
        done = max((json.loads(line)[0] + 1 for line in args.log.open(encoding="utf-8")), default=0)
    for number in args.only or range(done, args.count):
        yield mutant(seeds, args.seed, number)


def _keep(folder: Path | None, made: Mutant) -> None:
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{made.number}-{made.name}").write_bytes(made.content)


if __name__ == "__main__":
    sys.exit(main())
