"""Rosters as files: a workbook or a folder of .csv, read into rows; and the empty template."""

import csv
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from storage.roster import Roster, RosterRow

MAX_ROWS = 200_000
MAX_UNPACKED = 256 << 20
"""A workbook is a zip: one that unpacks to more bytes than this is a bomb and no roster."""

SHEETS: dict[str, dict[str, str]] = {
    "places": {"kind": "类别", "name": "名称", "parent": "上级"},
    "people": {"name": "姓名", "role": "角色", "place": "所属", "phone": "电话", "accounts": "账号", "duties": "职责"},
    "groups": {"chat": "群", "place": "楼栋"},
    "households": {
        "building": "楼栋", "unit": "单元", "room": "房号", "holder": "户主", "tags": "标签", "phone": "电话"
    },
    "catalogue": {"item": "物品", "points": "积分", "stock": "库存", "from": "起", "until": "止", "where": "地点"},
}  # fmt: skip

_EXPLAINED: dict[str, dict[str, str]] = {
    "places": {"kind": "街道 社区 网格 楼栋", "name": "在上级之内不重名", "parent": "上级的名称；街道留空"},
    "people": {
        "name": "姓名", "role": "居民 志愿者 楼栋长 网格员 社区 街道", "place": "所属地点的名称，重名时写「上级/名称」",
        "phone": "可空", "accounts": "telegram:123 wechat:wxid_a，可空（空则发加入码）",
        "duties": "safety dispute care sanitation civility，可空",
    },
    "groups": {"chat": "telegram:-100123", "place": "楼栋名称"},
    "households": {
        "building": "楼栋名称", "unit": "例如 1，可空", "room": "例如 302",
        "holder": "可空", "tags": "独居 残疾，可空", "phone": "可空",
    },
    "catalogue": {
        "item": "例如 洗衣液", "points": "例如 20", "stock": "数量",
        "from": "2026-01-01，可空", "until": "可空", "where": "可空",
    },
}  # fmt: skip


class RosterUnreadable(Exception):
    """The file or folder cannot be read as a roster at all."""


def read_roster(path: Path) -> Roster:
    """The rows of a workbook or of a folder of .csv files. Raises RosterUnreadable."""
    if path.is_dir():
        sheets = {name: _csv_rows(path / f"{name}.csv") for name in SHEETS if (path / f"{name}.csv").is_file()}
    elif path.suffix.lower() == ".csv" and path.stem in SHEETS:
        sheets = {path.stem: _csv_rows(path)}
    elif path.suffix.lower() == ".xlsx":
        sheets = _workbook_rows(path)
    else:
        raise RosterUnreadable(f"{path}: give a .xlsx workbook or a folder with {', '.join(SHEETS)} as .csv")
    if not sheets:
        raise RosterUnreadable(f"{path}: has none of the sheets {', '.join(SHEETS)}")
    return {name: list(_named(path, name, rows)) for name, rows in sheets.items()}


def _csv_rows(path: Path) -> list[list[str]]:
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = path.read_text("gb18030")  # what a Chinese spreadsheet program saves
        except UnicodeDecodeError as error:
            raise RosterUnreadable(f"{path.name}: neither UTF-8 nor GB18030 text") from error
    except OSError as error:
        raise RosterUnreadable(f"{path}: {error.strerror}") from error
    try:
        return [[cell.strip() for cell in row] for row in csv.reader(text.splitlines())]
    except csv.Error as error:
        raise RosterUnreadable(f"{path.name}: {error}") from error


def _workbook_rows(path: Path) -> dict[str, list[list[str]]]:
    try:
        with ZipFile(path) as packed:
            if sum(part.file_size for part in packed.infolist()) > MAX_UNPACKED:
                raise RosterUnreadable(f"{path}: unpacks to more than {MAX_UNPACKED >> 20} MB; that is no roster")
        book = load_workbook(path, read_only=True, data_only=True)
    except (OSError, BadZipFile, InvalidFileException, KeyError, ValueError) as error:
        raise RosterUnreadable(f"{path}: cannot be opened as a workbook ({type(error).__name__})") from error
    with_names = {name: book[name] for name in book.sheetnames if name in SHEETS}
    return {
        name: [[_text(cell) for cell in row] for row in sheet.iter_rows(values_only=True, max_row=MAX_ROWS)]
        for name, sheet in with_names.items()
    }


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return cell.isoformat() if isinstance(cell, date) else str(cell).strip()


def _named(path: Path, sheet: str, rows: list[list[str]]) -> Iterator[RosterRow]:
    """Rows by column name. Lines that are empty or begin with # (the template's explanations) are passed over."""
    if not rows:
        return
    known = {chinese: name for name, chinese in SHEETS[sheet].items()} | {name: name for name in SHEETS[sheet]}
    header = [known.get(cell.strip().lower()) for cell in rows[0]]
    missing = [name for name in list(SHEETS[sheet])[: 2 if sheet != "households" else 1] if name not in header]
    if missing:
        raise RosterUnreadable(
            f"{path.name}, {sheet}: the first line has no column {', '.join(SHEETS[sheet][name] for name in missing)}"
        )
    for line, row in enumerate(rows[1:], 2):
        values = {name: cell for name, cell in zip(header, row, strict=False) if name}
        if any(values.values()) and not (row and row[0].startswith("#")):
            yield RosterRow(sheet, line, values)


def write_template(path: Path) -> None:
    """An empty workbook whose second line explains each column."""
    book = Workbook()
    for index, (sheet, columns) in enumerate(SHEETS.items()):
        page = book.active if index == 0 else book.create_sheet()
        assert page is not None
        page.title = sheet
        page.append([f"{chinese}" for chinese in columns.values()])
        page.append([("# " if place == 0 else "") + _EXPLAINED[sheet][name] for place, name in enumerate(columns)])
        for column, cell in enumerate(page[1], 1):
            cell.font = Font(bold=True)
            cell.fill = PatternFill("solid", fgColor="FFE8F0E8")
            page.cell(2, column).font = Font(italic=True, color="FF777777")
            page.cell(2, column).alignment = Alignment(wrap_text=True, vertical="top")
            page.column_dimensions[get_column_letter(column)].width = 24
        page.freeze_panes = "A3"
    book.save(path)
