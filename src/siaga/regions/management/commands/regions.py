"""siaga regions check | apply | export | import-areas"""

from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from siaga.journal.types import Actor
from siaga.kernel import clock
from siaga.kernel.errors import SiagaError
from siaga.kernel.types import RegionId
from siaga.regions import folders, queries, services
from siaga.regions.folders import Folder
from siaga.regions.rules.differing import Change, differences
from siaga.regions.rules.findings import errors_in
from siaga.regions.services.applying import digest_of, last_folder_digest
from siaga.regions.types import Profile

DIFF_LINES_MAX = 60


class Command(BaseCommand):
    """Profiles of regions: check them, put them into force, write them out."""

    help = "Check, apply and export the profiles of regions; import boundaries."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        check = verbs.add_parser("check", help="Name file, line and cure of every mistake.")
        check.add_argument("folders", nargs="*", type=Path)
        check.add_argument("--strict", action="store_true", help="Warnings count as mistakes.")
        apply = verbs.add_parser("apply", help="Show what changes, then put it into force.")
        apply.add_argument("folders", nargs="*", type=Path)
        apply.add_argument("--yes", action="store_true", help="Do not ask.")
        apply.add_argument(
            "--overwrite",
            action="store_true",
            help="Also where the profile was edited on the screen since the last apply.",
        )
        export = verbs.add_parser("export", help="Write the profile in force as a folder.")
        export.add_argument("region")
        export.add_argument("folder", type=Path)
        areas = verbs.add_parser("import-areas", help="Boundaries from a GeoJSON file.")
        areas.add_argument("file", type=Path)
        areas.add_argument("--region", help="Default: the region that the codes belong to.")
        for verb in (check, apply, export, areas):
            verb.add_argument("--language", choices=("id", "en"), default=settings.LANGUAGE_CODE)

    def handle(self, *args: Any, **options: Any) -> None:
        self.language: str = options["language"]
        verbs = {"check": self.check_verb, "apply": self.apply_verb, "export": self.export_verb}
        verbs["import-areas"] = self.import_verb
        try:
            verbs[options["verb"]](options)
        except SiagaError as refused:
            raise CommandError(refused.message) from refused
        except OSError as broken:
            raise CommandError(f"{broken.filename}: {broken.strerror}") from broken

    def check_verb(self, options: dict[str, Any]) -> None:
        """Exit 1 when there are mistakes."""
        checked = self._checked(options["folders"])
        mistakes = sum(len(errors_in(one.findings)) for one in checked)
        if options["strict"]:
            mistakes = sum(len(one.findings) for one in checked)
        if mistakes:
            raise CommandError(self._say(f"{mistakes} kesalahan.", f"{mistakes} mistakes."))

    def apply_verb(self, options: dict[str, Any]) -> None:
        """All folders must be right before any of them is applied."""
        checked = self._checked(options["folders"])
        if any(errors_in(one.findings) for one in checked):
            raise CommandError(self._say("Tidak ada yang diterapkan.", "Nothing has been applied."))
        for one in checked:
            if one.profile is not None:
                self._apply(one, one.profile, options)

    def export_verb(self, options: dict[str, Any]) -> None:
        profile = queries.profile(RegionId(options["region"]))
        for path in folders.write_folder(profile, options["folder"]):
            self.stdout.write(str(path))

    def import_verb(self, options: dict[str, Any]) -> None:
        region_id = RegionId(options["region"]) if options["region"] else None
        done = services.import_boundaries(
            options["file"].read_bytes(),
            region_id=region_id,
            by=Actor.system("regions import-areas"),
            now=clock.now(),
        )
        for reason in done.left_out:
            self.stderr.write(self.style.WARNING(reason))
        self.stdout.write(
            self._say(
                f"{done.region_id}: {done.areas} batas, {done.repaired} diperbaiki,"
                f" {done.dissolved} kecamatan digabung dari desanya, {done.missing} belum ada.",
                f"{done.region_id}: {done.areas} boundaries, {done.repaired} repaired,"
                f" {done.dissolved} kecamatan dissolved from their desa, {done.missing} missing.",
            )
        )

    def _checked(self, given: list[Path]) -> list[Folder]:
        paths = given or folders.profile_folders()
        if not paths:
            raise CommandError(self._say("Tidak ada profil.", "There are no profiles."))
        checked = folders.check_folders(paths, today=clock.now().date())
        for one in checked:
            for finding in one.findings:
                style = self.style.ERROR if finding.severity == "error" else self.style.WARNING
                self.stderr.write(style(f"{one.path}/{finding.said_in(self.language)}"))
            verdict = "✓" if one.profile is not None else "✗"
            self.stdout.write(f"{verdict} {one.path}")
        return checked

    def _apply(self, folder: Folder, profile: Profile, options: dict[str, Any]) -> None:
        region_id = profile.region.id
        known = region_id in queries.region_ids()
        if known and digest_of(profile) == last_folder_digest(region_id):
            self._unchanged(region_id)
            return
        changes = differences(queries.profile(region_id) if known else None, profile)
        if known:
            self._show(changes)
        else:
            self.stdout.write(self._say(f"{region_id}: baru.", f"{region_id}: new."))
        if known and not changes:
            self._unchanged(region_id)
            return
        edited = known and queries.edited_on_screen(region_id)
        if edited and not options["overwrite"]:
            raise CommandError(
                self._say(
                    f"{region_id} telah diubah di layar. Ekspor dahulu, atau pakai --overwrite.",
                    f"{region_id} was edited on the screen. Export it first, or use --overwrite.",
                )
            )
        if not options["yes"] and not self._agreed(region_id):
            return
        applied = services.apply_profile(
            profile, by=Actor.system("regions apply"), now=clock.now(), source="folder"
        )
        self.stdout.write(
            self._say(
                f"{region_id}: versi {applied.number} berlaku.",
                f"{region_id}: version {applied.number} is in force.",
            )
        )

    def _unchanged(self, region_id: str) -> None:
        self.stdout.write(self._say(f"{region_id}: tetap.", f"{region_id}: unchanged."))

    def _show(self, changes: Sequence[Change]) -> None:
        for change in changes[:DIFF_LINES_MAX]:
            self.stdout.write(f"  {change.line}")
        if len(changes) > DIFF_LINES_MAX:
            self.stdout.write(f"  … +{len(changes) - DIFF_LINES_MAX}")

    def _agreed(self, region_id: str) -> bool:
        question = self._say(f"Terapkan {region_id}? [y/t] ", f"Apply {region_id}? [y/n] ")
        try:
            return input(question).strip().lower() in {"y", "ya", "yes"}
        except EOFError:
            asked = self._say("Tak ada yang bisa ditanya", "Nobody is there to be asked")
            raise CommandError(f"{asked}: --yes") from None

    def _say(self, indonesian: str, english: str) -> str:
        return english if self.language == "en" else indonesian
