"""The catalog of everything that can be wrong with a profile, in both languages. Pure."""

from typing import Literal

from siaga.regions.rules.phone_sentences import PHONE
from siaga.regions.types import Words

Severity = Literal["error", "warning"]


def _both(indonesian: str, english: str) -> Words:
    return Words(id=indonesian, en=english)


_FORM: dict[str, tuple[Severity, Words, Words]] = {
    "missing_file": (
        "error",
        _both("Berkas {name} tidak ada.", "The file {name} is missing."),
        _both(
            "Buat berkas itu; contoh ada di profil daerah lain.",
            "Create it; the other regions' profiles show how.",
        ),
    ),
    "syntax": (
        "error",
        _both("Bukan TOML yang benar: {reason}.", "This is not valid TOML: {reason}."),
        _both(
            "Perbaiki tanda kutip, kurung, atau sama dengan di baris itu.",
            "Mend the quote, bracket or equals sign on that line.",
        ),
    ),
    "unknown_key": (
        "error",
        _both("Kunci “{key}” tidak dikenal di sini.", "The key “{key}” is not known here."),
        _both("Hapus atau betulkan ejaannya{hint}.", "Remove it or mend its spelling{hint}."),
    ),
    "missing_key": (
        "error",
        _both("Kunci “{key}” wajib ada.", "The key “{key}” is required."),
        _both("Tambahkan {key} = … di bagian ini.", "Add {key} = … to this section."),
    ),
    "missing_section": (
        "error",
        _both("Bagian “{key}” tidak ada.", "The section “{key}” is missing."),
        _both("Tambahkan ke berkas {name}.", "Add it to {name}."),
    ),
    "wrong_type": (
        "error",
        _both("Nilainya salah jenis: {reason}.", "The value has the wrong type: {reason}."),
        _both(
            "Tulis teks dalam tanda kutip, angka dan tanggal tanpa tanda kutip.",
            "Write text in quotes, numbers, dates and times without.",
        ),
    ),
    "wrong_word": (
        "error",
        _both("Pilihan “{value}” tidak dikenal.", "The choice “{value}” is not known."),
        _both("Pakai salah satu dari: {choices}.", "Use one of: {choices}."),
    ),
    "missing_translation": (
        "error",
        _both(
            "Kata-katanya belum ada dalam bahasa “{language}”.",
            "The words are missing in the language “{language}”.",
        ),
        _both(
            "Isi id dan en, keduanya tidak boleh kosong.", "Fill in both id and en, neither empty."
        ),
    ),
    "placeholder": (
        "error",
        _both(
            "Tempat isian {{{name}}} tidak ada dalam bahasa “{language}”.",
            "The place {{{name}}} is missing in the language “{language}”.",
        ),
        _both("Tulis {{{name}}} pada kedua bahasa.", "Write {{{name}}} in both languages."),
    ),
}
_IDENTITY: dict[str, tuple[Severity, Words, Words]] = {
    "bad_slug": (
        "error",
        _both("Id daerah “{value}” tidak sah.", "The region id “{value}” is not usable."),
        _both(
            "Pakai huruf kecil, angka, dan tanda hubung saja, paling panjang 40.",
            "Use lower-case letters, digits and dashes only, at most 40.",
        ),
    ),
    "bad_prefix": (
        "error",
        _both("Awalan kode “{value}” tidak sah.", "The code prefix “{value}” is not usable."),
        _both("Pakai 2 sampai 5 huruf besar.", "Use 2 to 5 capital letters."),
    ),
    "bad_timezone": (
        "error",
        _both("Zona waktu “{value}” tidak dikenal.", "The time zone “{value}” is not known."),
        _both(
            "Pakai Asia/Jakarta, Asia/Makassar, atau Asia/Jayapura.",
            "Use Asia/Jakarta, Asia/Makassar or Asia/Jayapura.",
        ),
    ),
    "unknown_region_code": (
        "error",
        _both(
            "Kode Kemendagri “{value}” bukan kabupaten atau kota.",
            "The Kemendagri code “{value}” is no regency or city.",
        ),
        _both("Tulis seperti “35.10”.", "Write it like “35.10”."),
    ),
    "missing_language": (
        "error",
        _both("Bahasa “{language}” wajib ada.", "The language “{language}” is required."),
        _both("Tambahkan ke languages.", "Add it to languages."),
    ),
    "same_region_twice": (
        "error",
        _both(
            "{what} “{value}” juga dipakai profil {other}.",
            "{what} “{value}” is also used by the profile {other}.",
        ),
        _both("Setiap daerah harus punya nilai sendiri.", "Every region needs its own."),
    ),
    "unknown_role": (
        "error",
        _both("Peran “{value}” tidak dikenal.", "The role “{value}” is not known."),
        _both("Pakai salah satu dari: {choices}.", "Use one of: {choices}."),
    ),
    "second_factor_required": (
        "error",
        _both(
            "Peran “{value}” harus memakai faktor kedua.",
            "The role “{value}” must use a second factor.",
        ),
        _both("Tulis second_factor = true.", "Write second_factor = true."),
    ),
    "duplicate_code": (
        "error",
        _both("“{value}” sudah dipakai.", "“{value}” is already used."),
        _both("Beri kode yang belum dipakai.", "Give it a code of its own."),
    ),
    "bad_policy": (
        "error",
        _both("{field} = {value} tidak masuk akal.", "{field} = {value} makes no sense."),
        _both("Isi antara {low} dan {high}.", "Choose between {low} and {high}."),
    ),
}
_CALENDAR: dict[str, tuple[Severity, Words, Words]] = {
    "bad_dates": (
        "error",
        _both(
            "Berlaku sampai {until}, sebelum mulai berlaku {start}.",
            "Valid until {until}, before it begins on {start}.",
        ),
        _both("Tukar atau betulkan tanggalnya.", "Swap or mend the dates."),
    ),
    "overlapping_dates": (
        "error",
        _both("Masa berlaku bertumpang tindih pada {day}.", "Two periods are in force on {day}."),
        _both(
            "Akhiri yang lama sehari sebelum yang baru mulai.",
            "End the older the day before the newer begins.",
        ),
    ),
    "uncovered_dates": (
        "error",
        _both("Tidak ada yang berlaku pada {day}.", "Nothing is in force on {day}."),
        _both("Sambungkan masa berlakunya tanpa jeda.", "Let the periods follow without a gap."),
    ),
    "overlapping_hours": (
        "error",
        _both(
            "Jam bertumpang tindih: {first} dan {second}.",
            "Hours overlap: {first} and {second}.",
        ),
        _both("Akhiri yang satu saat yang lain mulai.", "End one when the other begins."),
    ),
    "uncovered_hours": (
        "error",
        _both("Tidak ada jaga pada {span}.", "Nobody is on duty at {span}."),
        _both("Tambahkan giliran atau ubah jam buka.", "Add a shift or change the opening hours."),
    ),
    "empty_schedule": (
        "error",
        _both("Jadwal ini tidak memuat jam apa pun.", "This schedule holds no hours."),
        _both("Tulis always = true atau isi periods.", "Write always = true or fill periods."),
    ),
    "out_of_hours_missing": (
        "error",
        _both(
            "Ada jam tutup, tetapi belum ditentukan apa yang didengar warga.",
            "There are closed hours, but not what a citizen then hears.",
        ),
        _both(
            "Isi outside: notice, dan nomor piket bila diteruskan.",
            "Fill in outside: a notice, and the duty phone if forwarded.",
        ),
    ),
    "day_part": (
        "error",
        _both(
            "Pembagian waktu salam kosong atau dimulai dua kali pada {value}.",
            "The parts of the day are empty, or two begin at {value}.",
        ),
        _both(
            "Beri setiap bagian (pagi, siang, sore, malam) jam mulai sendiri.",
            "Give each part of the day its own beginning.",
        ),
    ),
    "holidays_missing": (
        "warning",
        _both("Hari libur tahun {year} belum diisi.", "The holidays of {year} are not filled in."),
        _both("Tambahkan dari SKB 3 Menteri.", "Add them from the joint decree."),
    ),
}
_CLOCKS: dict[str, tuple[Severity, Words, Words]] = {
    "impossible_clock": (
        "error",
        _both("Batas waktu mustahil: {reason_id}.", "The clock is impossible: {reason_en}."),
        _both(
            "Urutkan langkah dari yang paling awal; yang lebih gawat tidak boleh lebih lambat.",
            "Order the steps by time; the more urgent must not be slower.",
        ),
    ),
    "missing_clock": (
        "error",
        _both("Batas waktu {urgency} belum ada.", "There is no clock for {urgency}."),
        _both("Tambahkan [[clocks]] untuk {urgency}.", "Add [[clocks]] for {urgency}."),
    ),
}
_CASES: dict[str, tuple[Severity, Words, Words]] = {
    "unknown_type": (
        "error",
        _both("Jenis kejadian “{value}” tidak dikenal.", "The case type “{value}” is not known."),
        _both(
            "Lihat content/taxonomy/case_types.toml{hint}.",
            "See content/taxonomy/case_types.toml{hint}.",
        ),
    ),
    "unknown_group": (
        "error",
        _both("Kelompok “{value}” tidak dikenal.", "The group “{value}” is not known."),
        _both("Pakai salah satu dari: {choices}.", "Use one of: {choices}."),
    ),
    "unknown_mandate": (
        "error",
        _both("Tugas “{value}” tidak dikenal.", "The mandate “{value}” is not known."),
        _both("Pakai kode tugas dari taksonomi{hint}.", "Use a mandate of the taxonomy{hint}."),
    ),
    "bad_range": (
        "error",
        _both(
            "Urgensi {urgency} di luar rentang {low} sampai {high}.",
            "The urgency {urgency} is outside {low} to {high}.",
        ),
        _both("Tulis range = [tertinggi, terendah].", "Write range = [most, least urgent]."),
    ),
    "refused_life_threat": (
        "error",
        _both(
            "{value} mengancam jiwa, tidak boleh ditolak atau dialihkan.",
            "{value} threatens life and may not be refused or referred.",
        ),
        _both(
            "Terima jenis ini dengan aturan accept di depan.",
            "Accept it with an accept rule before this one.",
        ),
    ),
    "missing_sentence": (
        "error",
        _both(
            "Penolakan atau pengalihan tanpa kalimat untuk warga.",
            "A refusal or referral without a sentence for the citizen.",
        ),
        _both("Isi sentence dalam id dan en.", "Fill in sentence in id and en."),
    ),
    "empty_rule": (
        "error",
        _both(
            "Aturan ini tidak menyebut jenis atau kelompok.",
            "This rule names neither types nor groups.",
        ),
        _both("Isi types atau groups.", "Fill in types or groups."),
    ),
    "unreachable_rule": (
        "error",
        _both(
            "“{value}” sudah diputuskan aturan sebelumnya.",
            "“{value}” is already decided by an earlier rule.",
        ),
        _both("Hapus atau pindahkan ke depan.", "Remove it or move it forward."),
    ),
    "unknown_evidence": (
        "error",
        _both("Jenis bukti “{value}” tidak dikenal.", "The evidence “{value}” is not known."),
        _both("Pakai salah satu dari: {choices}.", "Use one of: {choices}."),
    ),
    "life_threat_waits": (
        "warning",
        _both(
            "Ancaman jiwa ikut menunggu A1 di daerah ini.",
            "Threats to life wait for A1 in this region.",
        ),
        _both("Pertimbangkan life_threat_bypass = true.", "Consider life_threat_bypass = true."),
    ),
}
_AGENCIES: dict[str, tuple[Severity, Words, Words]] = {
    "unknown_agency": (
        "error",
        _both("Instansi “{value}” tidak ada.", "There is no agency “{value}”."),
        _both(
            "Tambahkan ke agencies.toml atau betulkan ejaannya{hint}.",
            "Add it to agencies.toml or mend the spelling{hint}.",
        ),
    ),
    "agency_circle": (
        "error",
        _both("{field} berputar kembali ke “{value}”.", "{field} leads back to “{value}”."),
        _both("Putuskan lingkarannya.", "Break the circle."),
    ),
    "expired_agreement": (
        "error",
        _both(
            "Perjanjian {reference} berakhir {until}.",
            "The agreement {reference} ended on {until}.",
        ),
        _both(
            "Perbarui MoU dan isi valid_until baru, atau nonaktifkan instansinya.",
            "Renew it and enter the new valid_until, or set the agency inactive.",
        ),
    ),
    "missing_agreement": (
        "warning",
        _both(
            "{value} bukan perangkat daerah dan belum punya MoU.",
            "{value} is outside the region's government and has no agreement.",
        ),
        _both("Isi agreement begitu ditandatangani.", "Fill in agreement once it is signed."),
    ),
    "no_contact": (
        "error",
        _both("{value} tidak punya kontak.", "{value} has no contact."),
        _both("Isi paling sedikit satu [[agencies.contacts]].", "Add one [[agencies.contacts]]."),
    ),
    "no_duty_officer": (
        "error",
        _both(
            "{value} menangani keadaan gawat, tetapi tidak ada petugas piket yang bisa ditelepon.",
            "{value} takes emergencies, but no duty officer can be called.",
        ),
        _both(
            'Tambahkan kontak role = "duty_officer", atau parent yang memilikinya.',
            'Add a contact with role = "duty_officer", or a parent that has one.',
        ),
    ),
    "bad_address": (
        "error",
        _both("Alamat kontak “{value}” tidak dapat dipakai.", "The address “{value}” is unusable."),
        _both(
            "Tulis nomor lengkap dengan kode wilayah, atau alamat surel.",
            "Write the full number with its area code, or an e-mail address.",
        ),
    ),
    "sample_contacts": (
        "warning",
        _both("{count} kontak masih contoh.", "{count} contacts are still samples."),
        _both(
            "Ganti dengan nomor yang benar sebelum layanan dibuka.",
            "Replace them with real ones before the service opens.",
        ),
    ),
}
_PLACES: dict[str, tuple[Severity, Words, Words]] = {
    "unknown_area": (
        "error",
        _both("Kode wilayah “{value}” tidak dikenal.", "The area code “{value}” is not known."),
        _both(
            "Pakai kode kecamatan Kemendagri dari areas.toml{hint}.",
            "Use a Kemendagri kecamatan code from areas.toml{hint}.",
        ),
    ),
    "uncovered_area": (
        "error",
        _both("Kecamatan {name} ({value}) belum ada.", "Kecamatan {name} ({value}) is missing."),
        _both("Tambahkan ke areas.toml.", "Add it to areas.toml."),
    ),
    "area_name": (
        "warning",
        _both(
            "{value} bernama “{name}” di daftar Kemendagri.",
            "{value} is called “{name}” in the national list.",
        ),
        _both("Samakan namanya.", "Use the same name."),
    ),
    "bad_point": (
        "error",
        _both("Titik {value} di luar Indonesia.", "The point {value} is outside Indonesia."),
        _both("Tulis lat lalu lng dalam derajat.", "Write lat and lng in degrees."),
    ),
}
_ROUTING: dict[str, tuple[Severity, Words, Words]] = {
    "routing_gap": (
        "error",
        _both(
            "{value} tidak punya instansi utama di {area} pada {moment}.",
            "{value} has no leading agency in {area} at {moment}.",
        ),
        _both(
            "Tambahkan aturan, atau beri tugas {mandates} kepada sebuah instansi.",
            "Add a rule, or give the mandate {mandates} to an agency.",
        ),
    ),
    "nobody_on_duty": (
        "error",
        _both(
            "{value} hanya sampai ke instansi yang tutup ({agency}) pada {moment}.",
            "{value} reaches only closed agencies ({agency}) at {moment}.",
        ),
        _both(
            "Isi off_duty_to, tambah jam jaga, atau aturan untuk malam hari.",
            "Fill in off_duty_to, extend the duty hours, or add a rule for the night.",
        ),
    ),
    "not_cleared": (
        "error",
        _both(
            "{value} bersifat rahasia, tetapi {agency} tidak berwenang menerimanya.",
            "{value} is confidential, but {agency} is not cleared for it.",
        ),
        _both(
            'Beri clearance = "{needed}" kepada instansi yang tepat, atau pilih yang lain.',
            'Give the right agency clearance = "{needed}", or choose another.',
        ),
    ),
}
SENTENCES: dict[str, tuple[Severity, Words, Words]] = {
    **_FORM,
    **_IDENTITY,
    **_CALENDAR,
    **_CLOCKS,
    **_CASES,
    **_AGENCIES,
    **_PLACES,
    **_ROUTING,
    **PHONE,
}
