"""Ways to break a profile, one mistake each, and the finding that must name it."""

Break = tuple[str, str, str]
"""A file, what stands there, and what stands there instead."""

BWI, BYA, JBG, PKL = "banyuwangi", "banyuasin", "jombang", "kota-pekalongan"
BROKEN: dict[str, tuple[str, Break, str, str]] = {
    # name: region, break, code of the finding, words that must stand in its line
    "an unknown key": (
        BWI,
        ("agencies.toml", 'short_name = "Damkarmat"', 'short_name = "Damkarmat"\nphne = "1"'),
        "unknown_key",
        'phne = "1"',
    ),
    "a misspelt key is named twice": (
        BWI,
        ("profile.toml", "a1_first = [", "a1_frst = ["),
        "unknown_key",
        "a1_frst",
    ),
    "text where a number belongs": (
        BWI,
        ("profile.toml", "recordings_days = 180", 'recordings_days = "180"'),
        "wrong_type",
        "recordings_days",
    ),
    "a missing key": (
        JBG,
        ("profile.toml", 'prefix = "JBG"\n', ""),
        "missing_key",
        "[region]",
    ),
    "a missing section": (
        JBG,
        ("profile.toml", "[retention]", "[ret]"),
        "missing_section",
        "",
    ),
    "not TOML at all": (
        PKL,
        ("shifts.toml", "valid_from = 2022-01-01", "valid_from = 2022-01-01x"),
        "syntax",
        "2022-01-01x",
    ),
    "a channel that does not exist": (
        BWI,
        ("profile.toml", 'channel = "x"', 'channel = "fax"'),
        "wrong_word",
        'channel = "fax"',
    ),
    "a sentence without English": (
        JBG,
        (
            "profile.toml",
            'tagline]\nid = "Hanya untuk keadaan darurat. Dijawab dengan tenang, lengkap, '
            'dan cepat."\nen = "For emergencies only. Answered calmly, completely and fast."',
            'tagline]\nid = "Hanya untuk keadaan darurat."',
        ),
        "missing_translation",
        "tagline",
    ),
    "an empty English sentence": (
        JBG,
        (
            "profile.toml",
            'en = "For emergencies only. Answered calmly, completely and fast."',
            'en = " "',
        ),
        "missing_translation",
        'en = " "',
    ),
    "a greeting without its place": (
        PKL,
        ("profile.toml", "selamat {daypart}, ada", "selamat, ada"),
        "placeholder",
        "selamat, ada",
    ),
    "two parts of the day at once": (
        PKL,
        ("profile.toml", "starts = 15:00:00", "starts = 11:00:00"),
        "day_part",
        "day_parts",
    ),
    "a slug with capitals": (
        BWI,
        ("profile.toml", 'id = "banyuwangi"', 'id = "BWI"'),
        "bad_slug",
        "id =",
    ),
    "a prefix that is too long": (
        BWI,
        ("profile.toml", 'prefix = "BWI"', 'prefix = "BANYUWANGI"'),
        "bad_prefix",
        "prefix",
    ),
    "a time zone of nowhere": (
        BWI,
        ("profile.toml", "Asia/Jakarta", "Asia/Banyuwangi"),
        "bad_timezone",
        "timezone",
    ),
    "a region code of nowhere": (
        BWI,
        ("profile.toml", 'code = "35.10"', 'code = "35.99"'),
        "unknown_region_code",
        "35.99",
    ),
    "a language too few": (
        BWI,
        ("profile.toml", 'languages = ["id", "en"]', 'languages = ["id"]'),
        "missing_language",
        "languages",
    ),
    "a role nobody knows": (
        BWI,
        ("profile.toml", 'role = "publisher"', 'role = "poet"'),
        "unknown_role",
        "poet",
    ),
    "a supervisor with a password only": (
        BWI,
        (
            "profile.toml",
            'en = "Supervisor" }\nsecond_factor = true',
            'en = "Supervisor" }\nsecond_factor = false',
        ),
        "second_factor_required",
        "[[roles]]",
    ),
    "a number blocked for a week": (
        BWI,
        ("profile.toml", "hard_block_hours_max = 24", "hard_block_hours_max = 168"),
        "bad_policy",
        "168",
    ),
    "hours that end before they begin": (
        PKL,
        ("profile.toml", "valid_until = 2021-12-31", "valid_until = 2018-12-31"),
        "bad_dates",
        "2018-12-31",
    ),
    "two opening hours at the same time": (
        PKL,
        ("profile.toml", "valid_until = 2021-12-31", "valid_until = 2022-02-28"),
        "overlapping_dates",
        "valid_from = 2022-01-01",
    ),
    "days without opening hours": (
        PKL,
        ("profile.toml", "valid_until = 2021-12-31", "valid_until = 2021-12-01"),
        "uncovered_dates",
        "valid_from = 2022-01-01",
    ),
    "periods of a day that overlap": (
        BYA,
        (
            "profile.toml",
            'periods = [{ days = ["mon", "tue", "wed", "thu", "fri"], opens = 08:00:00, '
            "closes = 16:00:00 }]\non_holidays",
            'periods = [{ days = ["mon"], opens = 08:00:00, closes = 16:00:00 }, '
            '{ days = ["mon"], opens = 15:00:00, closes = 17:00:00 }]\non_holidays',
        ),
        "overlapping_hours",
        "[hours.schedule]",
    ),
    "shifts that overlap": (
        BWI,
        ("shifts.toml", "starts = 14:00:00", "starts = 13:00:00"),
        "overlapping_hours",
        "shifts = [",
    ),
    "an hour without a shift": (
        BWI,
        ("shifts.toml", "starts = 14:00:00", "starts = 15:00:00"),
        "uncovered_hours",
        "shifts = [",
    ),
    "office hours that hold no hours": (
        BWI,
        (
            "profile.toml",
            'periods = [{ days = ["mon", "tue", "wed", "thu", "fri"], opens = 07:30:00, '
            "closes = 16:00:00 }]",
            "periods = []",
        ),
        "empty_schedule",
        "[office_hours]",
    ),
    "closed hours with nothing to hear": (
        BYA,
        ("profile.toml", 'behavior = "notice_then_forward"', 'behavior = "none"'),
        "out_of_hours_missing",
        "[hours.outside]",
    ),
    "a clock whose steps run backwards": (
        BWI,
        ("profile.toml", "after_seconds = 30,", "after_seconds = 90,"),
        "impossible_clock",
        "steps = [",
    ),
    "an emergency slower than a complaint": (
        BWI,
        ("profile.toml", "within_seconds = 300", "within_seconds = 7200"),
        "impossible_clock",
        "within_seconds = 7200",
    ),
    "an urgency without a clock": (
        BWI,
        ("profile.toml", 'urgency = "P5"\nnext', 'urgency = "P4"\nnext'),
        "missing_clock",
        "[[clocks]]",
    ),
    "complaint clocks that run backwards": (
        BWI,
        ("profile.toml", "follow_up_working_days = 5", "follow_up_working_days = 1"),
        "impossible_clock",
        "[complaints]",
    ),
    "a type nobody knows": (
        JBG,
        ("profile.toml", 'types = ["LISTRIK-PADAM"]', 'types = ["LISTRIK-PADM"]'),
        "unknown_type",
        "LISTRIK-PADM",
    ),
    "a group nobody knows": (
        JBG,
        ("profile.toml", 'groups = ["fire", "power_gas"', 'groups = ["fires", "power_gas"'),
        "unknown_group",
        "fires",
    ),
    "a life threat refused": (
        JBG,
        ("profile.toml", 'types = ["TOLAK-HP"]', 'types = ["TOLAK-HP", "MED-HENTI"]'),
        "refused_life_threat",
        "[[scope.rules]]",
    ),
    "life threats fall to a refusing default": (
        JBG,
        ("profile.toml", '"disaster", "security", "protection"]', '"disaster", "security"]'),
        "refused_life_threat",
        'default = "refuse"',
    ),
    "a refusal without a sentence": (
        BWI,
        (
            "profile.toml",
            'types = ["TOLAK-HP"]\ndecision = "refuse"\n',
            'types = ["TOLAK-HP"]\ndecision = "refuse"\n\n[[scope.rules]]\n'
            'types = ["DEREK"]\ndecision = "refuse"\n',
        ),
        "missing_sentence",
        "[[scope.rules]]",
    ),
    "a referral to nobody": (
        JBG,
        ("profile.toml", 'refer_to = "pln"', 'refer_to = "plm"'),
        "unknown_agency",
        'refer_to = "plm"',
    ),
    "evidence nobody accepts": (
        BWI,
        ("profile.toml", '"callback", "second_caller"', '"hunch", "second_caller"'),
        "unknown_evidence",
        "hunch",
    ),
    "the same agency twice": (
        BWI,
        ("agencies.toml", 'code = "damkar-muncar"', 'code = "damkar-genteng"'),
        "duplicate_code",
        "damkar-genteng",
    ),
    "a mandate nobody knows": (
        BWI,
        ("agencies.toml", 'mandates = ["fire"]', 'mandates = ["fires"]'),
        "unknown_mandate",
        "fires",
    ),
    "a parent that is not there": (
        BWI,
        ("agencies.toml", 'parent = "polda"', 'parent = "mabes"'),
        "unknown_agency",
        'parent = "mabes"',
    ),
    "a circle of parents": (
        BWI,
        (
            "agencies.toml",
            'short_name = "Damkarmat"\nkind = "opd"',
            'short_name = "Damkarmat"\nparent = "damkar-genteng"\nkind = "opd"',
        ),
        "agency_circle",
        "parent",
    ),
    "an agency outside the region": (
        BWI,
        ("agencies.toml", '"35.10.09"', '"35.10.99"'),
        "unknown_area",
        "35.10.99",
    ),
    "an agreement that ran out": (
        BWI,
        (
            "agencies.toml",
            'PLN/2026", valid_from = 2026-01-02, valid_until = 2028-12-31',
            'PLN/2024", valid_from = 2024-01-02, valid_until = 2025-12-31',
        ),
        "expired_agreement",
        "PLN/2024",
    ),
    "an agency nobody can reach": (
        BYA,
        (
            "agencies.toml",
            '  { role = "desk", name = "Meja Damkarmat", channel = "app" },\n',
            '  { role = "desk", name = "Meja Damkarmat", channel = "phone", address = "nol" },\n',
        ),
        "bad_address",
        "nol",
    ),
    "an emergency agency without a duty officer": (
        BYA,
        (
            "agencies.toml",
            'role = "duty_officer", name = "Petugas piket PLN"',
            'role = "desk", name = "Petugas piket PLN"',
        ),
        "no_duty_officer",
        "contacts",
    ),
    "a kecamatan that is not there": (
        BYA,
        ("areas.toml", 'code = "16.07.05"', 'code = "16.07.55"'),
        "unknown_area",
        "16.07.55",
    ),
    "a kecamatan left out": (
        BYA,
        (
            "areas.toml",
            '  { code = "16.07.05", name = "Betung", lat = -2.74, lng = 104.25 },\n',
            "",
        ),
        "uncovered_area",
        "areas = [",
    ),
    "latitude and longitude swapped": (
        BYA,
        ("areas.toml", "lat = -2.74, lng = 104.25", "lat = 104.25, lng = -2.74"),
        "bad_point",
        "104.25",
    ),
    "a rule for an agency that is not there": (
        BWI,
        ("routing.toml", 'lead = ["dinkes"]', 'lead = ["dinkse"]'),
        "unknown_agency",
        "dinkse",
    ),
    "a rule without a case": (
        BWI,
        ("routing.toml", 'types = ["PMKS"]', "types = []"),
        "empty_rule",
        "[[routing]]",
    ),
    "a confidential case for an agency that may not see it": (
        BYA,
        (
            "routing.toml",
            'lead = ["inspektorat"]\nsupport = []',
            'lead = ["inspektorat"]\nsupport = ["dinkes"]',
        ),
        "not_cleared",
        'support = ["dinkes"]',
    ),
    "a confidential mandate without clearance": (
        BYA,
        (
            "agencies.toml",
            'mandates = ["women_and_children"]\nduty = { always = true }\n'
            'clearance = "confidential"',
            'mandates = ["women_and_children"]\nduty = { always = true }',
        ),
        "not_cleared",
        "[[agencies]]",
    ),
    "a case that nobody leads": (
        BYA,
        ("agencies.toml", 'mandates = ["power"]', "mandates = []"),
        "routing_gap",
        "[[routing]]",
    ),
    "an emergency that meets closed doors at night": (
        JBG,
        (
            "agencies.toml",
            'mandates = ["power"]\nduty = { always = true }',
            'mandates = ["power"]\nduty = { periods = [{ days = ["mon", "tue"], '
            "opens = 08:00:00, closes = 16:00:00 }] }",
        ),
        "nobody_on_duty",
        "[[routing]]",
    ),
    "the same holiday twice": (
        BWI,
        ("holidays.toml", "on = 2026-05-14", "on = 2026-05-01"),
        "duplicate_code",
        "2026-05-01",
    ),
    "a telephone that no trunk reaches": (
        BWI,
        ("profile.toml", 'trunk_addresses = ["192.0.2.16", "192.0.2.17"]', "trunk_addresses = []"),
        "phone_unreachable",
        "trunk_addresses = []",
    ),
    "a number of the ladder that is none": (
        BWI,
        ("profile.toml", 'duty_mobile = "+6284000100118"', 'duty_mobile = "piket"'),
        "bad_phone_number",
        'duty_mobile = "piket"',
    ),
    "a desk phone without an address": (
        JBG,
        ("profile.toml", '"10.112.30.31"', '"meja.1"'),
        "bad_phone_address",
        "meja.1",
    ),
    "no position at all": (
        PKL,
        ("profile.toml", "positions = 10", "positions = 0"),
        "bad_positions",
        "positions = 0",
    ),
    "more seats than positions": (
        PKL,
        ("profile.toml", "positions = 10", "positions = 1"),
        "too_few_positions",
        "positions = 1",
    ),
    "a way out that is no number": (
        BYA,
        ("profile.toml", '"0711"', '"0711X"'),
        "bad_dial_prefix",
        "0711X",
    ),
}
