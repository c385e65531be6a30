"""PDF: scans come back pixel by pixel, drawn pages at 200 dpi, and nothing damaged, locked or giant gets as far."""

import io
import time
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from einthoven.core.errors import EcgError, FormatError, InputError
from einthoven.core.rng import rng
from einthoven.records.formats import pdf
from einthoven.records.formats.pdf import read_pdf
from einthoven.records.formats.picture import MAX_PIXELS
from einthoven.records.read import read, read_page

RED_BAR = b"1 0 0 rg 0 692 306 100 re f"  # the left half of the upper end of a page of 612 x 792 points


def written(path: Path, objects: list[bytes], trailer: bytes = b"") -> Path:
    content, places = b"%PDF-1.6\n", []
    for number, thing in enumerate(objects, 1):
        places.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, thing)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    content += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    content += b"trailer\n<</Size %d/Root 1 0 R%s>>\n" % (len(objects) + 1, trailer)
    path.write_bytes(content + b"startxref\n%d\n%%%%EOF\n" % content.index(b"xref\n0 "))
    return path


def sheet(
    path: Path,
    content: bytes,
    box: str = "0 0 612 792",
    page: bytes = b"",
    picture: tuple[int, int, bytes] | None = None,
    trailer: bytes = b"",
) -> Path:
    """Write a PDF of one page. page: further entries of its dictionary; picture: width, height, bytes of /I."""
    across, down, pixels = picture or (1, 1, bytes(3))
    packed = zlib.compress(pixels, 9)
    kind = b"<</Subtype/Image/Width %d/Height %d/ColorSpace/DeviceRGB/BitsPerComponent 8" % (across, down)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[%s]/Contents 4 0 R" % box.encode()
        + b"/Resources<</XObject<</I 5 0 R>>/Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>%s>>" % page,
        b"<</Length %d>>\nstream\n%s\nendstream" % (len(content), content),
        kind + b"/Filter/FlateDecode/Length %d>>\nstream\n%s\nendstream" % (len(packed), packed),
    ]
    return written(path, objects, trailer)


def _noise(height: int = 60, width: int = 90) -> np.ndarray:
    return rng("scan in a PDF").integers(0, 256, (height, width, 3)).astype(np.uint8)


def _scan(path: Path, content: bytes, box: str, page: bytes = b"") -> Path:
    pixels = _noise()
    return sheet(path, content, box, page, (pixels.shape[1], pixels.shape[0], pixels.tobytes()))


def test_a_drawn_page_comes_at_200_dpi(tmp_path: Path) -> None:
    page = read_page(sheet(tmp_path / "a.pdf", RED_BAR))
    assert page.pixels.shape == (2200, 1700, 3)
    assert page.source == str(tmp_path / "a.pdf")
    assert page.truth is None
    assert (page.pixels[:270, :840] == (255, 0, 0)).all()
    assert (page.pixels[285:] == 255).all()
    assert read_pdf(tmp_path / "a.pdf", dpi=72).pixels.shape == (792, 612, 3)


@pytest.mark.parametrize(("turn", "corner"), [(0, (0, 0)), (90, (0, -1)), (180, (-1, -1)), (270, (-1, 0))])
def test_a_turned_page_comes_upright(turn: int, corner: tuple[int, int], tmp_path: Path) -> None:
    pixels = read_page(sheet(tmp_path / "a.pdf", RED_BAR, page=b"/Rotate %d" % turn)).pixels
    assert pixels.shape == ((1700, 2200, 3) if turn in (90, 270) else (2200, 1700, 3))
    assert [at for at in ((0, 0), (0, -1), (-1, 0), (-1, -1)) if tuple(pixels[at]) == (255, 0, 0)] == [corner]


@pytest.mark.parametrize("box", ["0 0 90 60", "0 0 720 480", "0 0 21.6 14.4", "-50 100 580 520", "0 0 21.59 14.41"])
def test_a_scan_comes_back_pixel_by_pixel(box: str, tmp_path: Path) -> None:
    left, low, right, high = (float(word) for word in box.split())
    content = f"q {right - left} 0 0 {high - low} {left} {low} cm /I Do Q BT /F 9 Tf 3 Tr (read) Tj ET".encode()
    np.testing.assert_array_equal(read_page(_scan(tmp_path / "a.pdf", content, box)).pixels, _noise())
    turned = read_page(_scan(tmp_path / "b.pdf", content, box, b"/Rotate 90")).pixels
    np.testing.assert_array_equal(turned, np.rot90(_noise(), -1))


def test_strips_of_one_scan_keep_their_pixels_count(tmp_path: Path) -> None:
    content = b"q 45 0 0 30 0 30 cm /I Do Q q 45 0 0 30 0 0 cm /I Do Q"
    assert read_page(_scan(tmp_path / "a.pdf", content, "0 0 45 60")).pixels.shape == (120, 90, 3)


def test_what_is_drawn_or_said_over_a_coarse_picture_keeps_its_200_dpi(tmp_path: Path) -> None:
    behind = b"q 612 0 0 792 0 0 cm /I Do Q "
    for index, over in enumerate((RED_BAR, b"BT /F 9 Tf 100 100 Td (V1) Tj ET")):
        path = _scan(tmp_path / f"{index}.pdf", behind + over, "0 0 612 792")
        assert read_page(path).pixels.shape == (2200, 1700, 3)


def test_a_fine_logo_does_not_make_a_page_fine(tmp_path: Path) -> None:
    path = _scan(tmp_path / "a.pdf", b"q 9 0 0 6 0 0 cm /I Do Q " + RED_BAR, "0 0 612 792")
    assert read_page(path).pixels.shape == (2200, 1700, 3)


@pytest.mark.parametrize("mode", ["RGB", "L", "1", "P", "CMYK"])
def test_pages_that_pillow_saved_come_back(mode: str, tmp_path: Path) -> None:
    grey = np.kron(np.array([[0, 1, 1], [1, 1, 1]], np.uint8) * 255, np.ones((40, 40), np.uint8))
    Image.fromarray(np.dstack([grey] * 3)).convert(mode).save(tmp_path / "a.pdf")
    pixels = read_page(tmp_path / "a.pdf").pixels
    assert pixels.shape == (80, 120, 3)
    assert np.abs(pixels.astype(int) - grey[..., None]).max() < (
        4 if mode != "CMYK" else 60
    )  # ink on ink is less than black


def test_any_page_may_be_asked_for(tmp_path: Path) -> None:
    pages = [Image.new("RGB", (40 + index, 30), (0, 80 * index, 0)) for index in range(3)]
    pages[0].save(tmp_path / "a.pdf", save_all=True, append_images=pages[1:])
    assert [read_page(tmp_path / "a.pdf", page).pixels.shape[1] for page in (1, 2, 3)] == [40, 41, 42]
    np.testing.assert_array_equal(read_page(tmp_path / "a.pdf").pixels, read_page(tmp_path / "a.pdf", 1).pixels)
    for absent in (0, -1, 4, 10**12):
        with pytest.raises(InputError, match=f"a.pdf: has 3 pages; page {absent} was asked for"):
            read_page(tmp_path / "a.pdf", absent)


def test_a_pdf_is_known_by_its_content(tmp_path: Path) -> None:
    content = sheet(tmp_path / "a.pdf", RED_BAR).read_bytes()
    for name, start in (("page", b""), ("page.png", b""), ("ECG é 心电图.pdf", b"\xef\xbb\xbfsome mail\n")):
        (tmp_path / name).write_bytes(start + content)
        assert read_page(tmp_path / name).pixels.shape == (2200, 1700, 3)
    for name in ("page", "a.pdf"):
        with pytest.raises(InputError, match="is a picture; use read_page"):
            read(tmp_path / name)
    Image.fromarray(_noise()).save(tmp_path / "b.png")
    (tmp_path / "b.png").rename(tmp_path / "b.pdf")
    np.testing.assert_array_equal(read_page(tmp_path / "b.pdf").pixels, _noise())
    (tmp_path / "c.pdf").write_bytes(b"Dear colleague")
    with pytest.raises(FormatError, match=r"not a picture that is read; there are PNG.*PDF"):
        read_page(tmp_path / "c.pdf")


@pytest.mark.parametrize(
    ("width", "height", "size"),
    [
        (612, 792, (1700, 2200)),
        (5000, 5000, (8943, 8943)),
        (14400, 700, (40000, 1944)),
        (14400, 900, (35777, 2236)),
        (0.01, 14400, (1, 40000)),
        (0.001, 2e7, (1, 55_555_556)),
    ],
)
def test_a_large_page_is_drawn_as_fine_as_fits(width: float, height: float, size: tuple[int, int]) -> None:
    found = pdf._size(_Sheet(width, height), 200.0, Path("a.pdf"))
    assert found[0] * found[1] <= MAX_PIXELS
    assert np.allclose(found, size, rtol=0.002)


class _Sheet:
    """A page of some size on which nothing stands."""

    def __init__(self, width: float, height: float) -> None:
        self._size = (width, height)

    def get_size(self) -> tuple[float, float]:
        return self._size

    def get_objects(self) -> list[object]:
        return []


@pytest.mark.parametrize("box", ["0 0 14400 14400", "0 0 1000000000 1000000000", "0 0 1 90000000", "0 0 90000000 1"])
def test_a_page_too_large_even_for_72_dpi_is_refused(box: str, tmp_path: Path) -> None:
    sheet(tmp_path / "a.pdf", RED_BAR, box)
    start_s = time.process_time()
    with pytest.raises(FormatError, match=r"a.pdf: page of \d+ x \d+ points; at most 80000000 pixels"):
        read_page(tmp_path / "a.pdf")
    assert time.process_time() - start_s < 0.5


def test_a_picture_too_large_inside_a_small_page_is_refused(tmp_path: Path) -> None:
    picture = (60_000, 60_000, bytes(1_000_000))
    path = sheet(tmp_path / "a.pdf", b"q 612 0 0 792 0 0 cm /I Do Q", picture=picture)
    with pytest.raises(FormatError, match=r"a.pdf: picture of 60000 x 60000 pixels in it; at most 80000000"):
        read_page(path)


def test_a_file_too_large_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = sheet(tmp_path / "a.pdf", RED_BAR)
    monkeypatch.setattr("einthoven.records.formats.picture.MAX_BYTES", 100)
    with pytest.raises(FormatError, match="bytes; at most 100 are read"):
        read_page(path)


def test_locked_empty_and_damaged_files_are_told(tmp_path: Path) -> None:
    lock = b"/Encrypt<</Filter/Standard/V 1/R 2/P -4/O(%s)/U(%s)>>/ID[(a)(a)]" % (b"o" * 32, b"u" * 32)
    with pytest.raises(FormatError, match=r"a.pdf: PDF with a password; save it without"):
        read_page(sheet(tmp_path / "a.pdf", RED_BAR, trailer=lock))
    with pytest.raises(FormatError, match=r"a.pdf: PDF under a lock of unknown kind"):
        read_page(sheet(tmp_path / "a.pdf", RED_BAR, trailer=b"/Encrypt<</Filter/Other>>"))
    no_pages = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[]/Count 0>>"]
    no_such = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>", b"<</Type/Other>>"]
    for objects in (no_pages, no_such, []):
        with pytest.raises(FormatError, match=r"a.pdf: damaged PDF, or one without pages"):
            read_page(written(tmp_path / "a.pdf", objects))


def test_a_file_that_breaks_off_is_refused_wherever_it_does(tmp_path: Path) -> None:
    whole = sheet(tmp_path / "a.pdf", RED_BAR).read_bytes()
    for end in range(8, len(whole) - 6, 7):
        (tmp_path / "a.pdf").write_bytes(whole[:end])
        with pytest.raises(FormatError, match=r"a.pdf: PDF breaks off"):
            read_page(tmp_path / "a.pdf")
    (tmp_path / "a.pdf").write_bytes(whole + bytes(1000))  # padded to a block, as some archives do
    assert read_page(tmp_path / "a.pdf").pixels.shape == (2200, 1700, 3)


def test_scripts_forms_and_what_is_said_of_the_patient_stay_behind(tmp_path: Path) -> None:
    asks = b"/AA<</O<</S/JavaScript/JS(app.alert\\(1\\))>>>>/Annots[<</Type/Annot/Subtype/Widget/FT/Tx/T(Roe)/V(Jane)"
    path = sheet(tmp_path / "a.pdf", RED_BAR, page=asks + b"/Rect[0 0 99 99]>>]", trailer=b"/Info<</Author(Jane Roe)>>")
    page = read_page(path)
    assert set(vars(page)) == {"pixels", "source", "truth"}
    assert (page.pixels[300:] == 255).all()


def test_nothing_stays_open_and_a_bad_file_spoils_no_good_one(tmp_path: Path) -> None:
    good, bad = sheet(tmp_path / "a.pdf", RED_BAR), written(tmp_path / "b.pdf", [])
    before = len(list(Path("/dev/fd").iterdir())) if Path("/dev/fd").is_dir() else 0
    for _ in range(5):
        with pytest.raises(EcgError):
            read_page(bad)
        with pytest.raises(EcgError):
            read_page(good, 2)
        assert read_pdf(good, dpi=20).pixels.shape == (220, 170, 3)
    good.unlink()
    after = len(list(Path("/dev/fd").iterdir())) if Path("/dev/fd").is_dir() else 0
    assert after == before


def test_many_threads_may_read(tmp_path: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    path = _scan(tmp_path / "a.pdf", b"q 90 0 0 60 0 0 cm /I Do Q", "0 0 90 60")
    with ThreadPoolExecutor(4) as pool:
        for pixels in pool.map(lambda _: read_page(path).pixels, range(40)):
            np.testing.assert_array_equal(pixels, _noise())


def test_a_picture_that_speaks_of_a_pdf_is_a_picture(tmp_path: Path) -> None:
    stream = io.BytesIO()
    Image.fromarray(_noise()).save(stream, "JPEG", comment=b"from %PDF-1.4", quality=95)
    (tmp_path / "a.jpg").write_bytes(stream.getvalue())
    assert read_page(tmp_path / "a.jpg").pixels.shape == (60, 90, 3)
