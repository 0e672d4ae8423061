"""What can be wrong with a region's telephone, in both languages. Pure."""

from typing import Literal

from siaga.regions.types import Words

PHONE: dict[str, tuple[Literal["error", "warning"], Words, Words]] = {
    "phone_unreachable": (
        "error",
        Words(
            id="Telepon tanpa {field} tidak dapat dihubungi.",
            en="A telephone without {field} cannot be reached.",
        ),
        Words(
            id="Isi nomor yang dikirim operator seluler (did) dan alamat trunk-nya.",
            en="Enter the numbers the carrier delivers (did) and the addresses of its trunk.",
        ),
    ),
    "bad_phone_number": (
        "error",
        Words(
            id="“{value}” bukan nomor telepon.",
            en="“{value}” is no telephone number.",
        ),
        Words(
            id="Tulis angka saja, boleh diawali +, 3 sampai 15 angka.",
            en="Write 3 to 15 digits, with a + in front if you like.",
        ),
    ),
    "bad_phone_address": (
        "error",
        Words(
            id="“{value}” bukan alamat IP yang dapat dipakai.",
            en="“{value}” is no usable IP address.",
        ),
        Words(
            id="Tulis 10.0.0.31, untuk telepon meja boleh 10.0.0.31:5062, untuk trunk boleh"
            " 10.0.0.0/29.",
            en="Write 10.0.0.31; a desk phone may have a port (10.0.0.31:5062), a trunk a range"
            " (10.0.0.0/29).",
        ),
    ),
    "bad_positions": (
        "error",
        Words(
            id="Jumlah meja {value} tidak dapat dipakai.",
            en="{value} positions cannot be used.",
        ),
        Words(id="Isi 1 sampai {high}.", en="Enter 1 to {high}."),
    ),
    "too_few_positions": (
        "error",
        Words(
            id="Giliran {shift} memerlukan {seats} meja, telepon hanya punya {value}.",
            en="Shift {shift} needs {seats} positions, the telephone has only {value}.",
        ),
        Words(
            id="Tambah positions, atau kurangi seats di shifts.toml.",
            en="Raise positions, or lower seats in shifts.toml.",
        ),
    ),
    "bad_dial_prefix": (
        "error",
        Words(
            id="“{value}” bukan awal nomor yang boleh dihubungi.",
            en="“{value}” is not the beginning of a number.",
        ),
        Words(
            id="Tulis angka seperti ditekan di dalam negeri: 08, 0333, 113.",
            en="Write digits as dialled inside the country: 08, 0333, 113.",
        ),
    ),
    "same_did_twice": (
        "error",
        Words(
            id="Nomor {value} dari {address} sudah dipakai {other}.",
            en="The number {value} from {address} already belongs to {other}.",
        ),
        Words(
            id="Pakai alamat trunk tersendiri, atau nomor yang berbeda.",
            en="Use a trunk address of its own, or another number.",
        ),
    ),
    "sample_phone": (
        "warning",
        Words(
            id="Nomor dan alamat telepon masih contoh.",
            en="The telephone's numbers and addresses are still samples.",
        ),
        Words(
            id="Ganti dengan yang benar, lalu hapus sample.",
            en="Replace them with real ones, then remove sample.",
        ),
    ),
}
