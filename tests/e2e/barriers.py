"""What keeps somebody out of a page as it stands, by the rules of WCAG 2.2 AA."""

from pathlib import Path

from playwright.sync_api import Page

AXE = Path(__file__).parents[2] / "frontend/node_modules/axe-core/axe.min.js"
# Rules of taste and of pages within pages are not asked; these are the two levels of the law.
_ASKED = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "resultTypes": ["violations"],
}
_GRAVE = ("serious", "critical")
# What is on its way has the colours of neither state: an answer, a change of shade.
_AT_REST = """() => document.querySelector('.htmx-request') === null
    && document.getAnimations().every((one) => one.playState !== 'running'
        || one.effect.getComputedTiming().iterations === Infinity)"""

# Two places for one key in one scope: the second would never answer to it.
_KEYS_TWICE = """() => {
  const found = {};
  for (const one of document.querySelectorAll('[data-key]')) {
    const menu = one.closest('details:not([open])');
    const dialog = one.closest('dialog');
    const off = one.matches(":disabled, [aria-disabled='true']") || dialog && !dialog.open;
    const seen = !off && !(menu && !one.closest('summary')) && one.getClientRects().length > 0;
    const scopes = [...document.querySelectorAll('[data-key-scope]')];
    const scope = scopes.indexOf(one.closest('[data-key-scope]'));
    for (const key of seen ? one.dataset.key.toLowerCase().split(' ') : [])
      (found[`${key} in ${scope}`] ??= []).push(one.textContent.trim());
  }
  return Object.entries(found).filter(([, ones]) => ones.length > 1)
    .map(([key, ones]) => `key ${key}: ${ones.join(' | ')}`);
}"""


def barriers(page: Page) -> list[str]:
    """What axe calls serious, and keys that two things want; empty where nothing is.

    The page's policy must allow scripts.
    """
    page.wait_for_function(_AT_REST)
    page.evaluate(AXE.read_text())
    found = page.evaluate("asked => axe.run(document, asked)", _ASKED)
    grave = [
        f"{item['id']}: {[node['html'][:160] for node in item['nodes']][:3]}"
        for item in found["violations"]
        if item["impact"] in _GRAVE
    ]
    return grave + page.evaluate(_KEYS_TWICE)


def is_wide(page: Page) -> bool:
    """Whether the page is wider than its screen."""
    return bool(page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1"))
