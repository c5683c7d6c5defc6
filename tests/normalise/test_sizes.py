from __future__ import annotations

import pytest

from harvester.normalise.sizes import bytes_of, checksum

MD5, SHA1, SHA256 = "a" * 32, "b" * 40, "c" * 64


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("48213", 48_213),
        ("12.0", 12),
        ("1,234", 1_234),
        ("1 234 567", 1_234_567),
        ("1,234,567 bytes", 1_234_567),
        ("12.345.678", 12_345_678),
        ("1'234", 1_234),
        ("1.2 MB", 1_200_000),
        ("1.234 MB", 1_234_000),
        ("3,4 Mo", 3_400_000),
        ("~2 GB", 2_000_000_000),
        ("2 MiB", 2_097_152),
        ("17kb", 17_000),
        ("0", 0),
    ],
)
def test_sizes_are_read(text: str, size: int) -> None:
    assert bytes_of(text) == size


@pytest.mark.parametrize(
    "text",
    [
        "1.234",
        "1,234 KB",
        "1.5",
        "-5",
        "1e9",
        "12345678901234567890",
        "99999999 TB",
        "big",
        "",
        "5 apples",
        "1..2",
    ],
)
def test_what_could_be_two_sizes_or_none_is_none(text: str) -> None:
    assert bytes_of(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"sha256:{SHA256}", f"sha256:{SHA256}"),
        (f"MD5:{MD5.upper()}", f"md5:{MD5}"),
        (SHA1, f"sha1:{SHA1}"),
        (f"http://spdx.org/rdf/terms#checksumAlgorithm_sha256:{SHA256}", f"sha256:{SHA256}"),
        (f"SHA-1 {SHA1}", f"sha1:{SHA1}"),
        (f"sha1:{SHA256}", None),
        ("abc", None),
        ("z" * 32, None),
        (None, None),
    ],
)
def test_checksums_name_their_algorithm(text: str | None, expected: str | None) -> None:
    assert checksum(text) == expected
