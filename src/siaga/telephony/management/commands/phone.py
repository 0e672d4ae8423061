"""siaga phone fetch | render | check | start | certificate | spare | keys"""

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from siaga.kernel import clock
from siaga.kernel.errors import SiagaError
from siaga.regions import folders
from siaga.telephony.asterisk import centre, checking, prompts, spare
from siaga.telephony.asterisk.installation import find_asterisk, provide_asterisk, provide_program
from siaga.telephony.asterisk.process import AsteriskProcess, is_booted, reload
from siaga.telephony.asterisk.rendering import changed_files, reloads_for, write_configuration
from siaga.telephony.asterisk.site import LOOPBACK, Site
from siaga.telephony.management import certificate_verb, keys_verb
from siaga.telephony.plan import on_loopback, plan_of
from siaga.telephony.types import PhonePlan


class Command(BaseCommand):
    """The Asterisk beside us: fetch it, write its configuration, check it, start it."""

    help = "The telephone: fetch Asterisk, render its configuration, check it, start it."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("fetch", help="Find Asterisk and espeak-ng, or unpack them.")
        render = verbs.add_parser("render", help="Write the configuration; says what changed.")
        render.add_argument("--check", action="store_true", help="Write nothing, only compare.")
        check = verbs.add_parser("check", help="Compare names, prompts, modules and files.")
        start = verbs.add_parser("start", help="Render, then run Asterisk here (development).")
        certificate_verb.add_arguments(verbs)
        keys_verb.add_arguments(verbs)
        verbs.add_parser("spare", help="The spare page's address, and each position's password.")
        for verb in (render, check, start):
            verb.add_argument("--folders", action="store_true", help="Profiles as in the folders.")
            verb.add_argument(
                "--loopback", action="store_true", help="Loopback is every region's trunk."
            )

    def handle(self, *args: Any, **options: Any) -> None:
        os.umask(0o027)  # Asterisk may be another user, of the same group
        self.home = centre.settled_home()
        verbs = {
            "fetch": self.fetch_verb,
            "render": self.check_verb if options.get("check") else self.render_verb,
            "check": self.check_verb,
            "start": self.start_verb,
            "certificate": self.certificate_verb,
            "spare": self.spare_verb,
            "keys": self.keys_verb,
        }
        try:
            verbs[options["verb"]](options)
        except SiagaError as refused:
            raise CommandError(refused.message) from refused

    def fetch_verb(self, options: dict[str, Any]) -> None:
        found = provide_asterisk(self.home, self.stdout.write)
        voice = provide_program("espeak-ng", self.home, self.stdout.write)
        major, minor = found.version
        self.stdout.write(f"Asterisk {major}.{minor} ({found.supplier}): {found.modules}")
        self.stdout.write(f"espeak-ng: {voice.prefix[-1]}")

    def render_verb(self, options: dict[str, Any]) -> None:
        """A running Asterisk reads again what changed; calls go on."""
        plans, site = self._given(options)
        changed = self._written(plans, site)
        if changed and is_booted(site):
            reload(site, reloads_for(changed))

    def check_verb(self, options: dict[str, Any]) -> None:
        """Exit 1 when anything does not fit."""
        plans, site = self._given(options)
        stale = [f"{name} is not up to date" for name in changed_files(plans, site)]
        problems = [*checking.check(plans, site), *stale]
        for advice in checking.advise(plans, site):
            self.stdout.write(self.style.WARNING(advice))
        for problem in problems:
            self.stderr.write(self.style.ERROR(problem))
        if problems:
            raise CommandError(f"{len(problems)} problems; siaga phone render mends most of them.")
        self.stdout.write("names, prompts, modules and files fit")

    def start_verb(self, options: dict[str, Any]) -> None:
        plans, site = self._given(options)
        self._written(plans, site)
        asterisk = AsteriskProcess(site)
        seconds = asterisk.start()
        self.stdout.write(f"Asterisk is up after {seconds:.1f} s, SIP on {site.ports.sip}")
        try:
            asterisk.wait()
        finally:
            asterisk.stop()

    def certificate_verb(self, options: dict[str, Any]) -> None:
        certificate_verb.run(self.home, options, self.stdout.write)
        if find_asterisk(self.home) is not None:
            self.render_verb({**options, "verb": "render", "folders": False, "loopback": False})

    def keys_verb(self, options: dict[str, Any]) -> None:
        keys_verb.run(options, self.stdout.write)

    def spare_verb(self, options: dict[str, Any]) -> None:
        """To be printed, and kept in an envelope at each desk."""
        plans, site = self._given({**options, "folders": False, "loopback": False})
        host = urlsplit(settings.PUBLIC_URL).hostname or LOOPBACK
        self.stdout.write(spare.address(site, host))
        for position, password in spare.cards(plans, site):
            self.stdout.write(f"{position}\t{password}")

    def _written(self, plans: list[PhonePlan], site: Site) -> list[str]:
        changed = write_configuration(plans, site)
        page = spare.place_page(settings.BASE_DIR / "web/static/siaga/spare", site)
        voice = provide_program("espeak-ng", self.home, self.stdout.write)
        texts = prompts.read_texts(Path(settings.CONTENT_DIR) / "prompts")
        spoken = list(prompts.speak_all(plans, site.home, texts, voice))
        for name in (*changed, *page, *spoken):
            self.stdout.write(f"changed {name}")
        if not (changed or page or spoken):
            self.stdout.write("unchanged")
        return changed

    def _given(self, options: dict[str, Any]) -> tuple[list[PhonePlan], Site]:
        plans = _from_folders() if options["folders"] else centre.plans_in_force()
        if options["loopback"]:
            plans = on_loopback(plans)
        if not plans:
            raise CommandError("No region has a telephone: add [phone] to a profile.")
        write = options["verb"] != "check" and not options.get("check")
        installation = find_asterisk(self.home)
        if installation is None and not write:
            raise CommandError("There is no Asterisk yet: siaga phone fetch")
        installation = installation or provide_asterisk(self.home, self.stdout.write)
        return plans, centre.site_of(plans, installation, write=write)


def _from_folders() -> list[PhonePlan]:
    checked = folders.check_folders(folders.profile_folders(), today=clock.now().date())
    return [plan for one in checked if one.profile and (plan := plan_of(one.profile)) is not None]
