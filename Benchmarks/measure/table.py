"""Plain tables."""


def table(header: list[str], rows: list[list[object]]) -> None:
    """Prints rows; the first column is left-aligned, the others right-aligned."""
    cells = [header] + [[str(cell) for cell in row] for row in rows]
    widths = [max(len(row[column]) for row in cells) for column in range(len(header))]
    for row in cells:
        first, *others = (cell.ljust(width) if column == 0 else cell.rjust(width)
                          for column, (cell, width) in enumerate(zip(row, widths)))
        print("  " + "  ".join([first, *others]), flush=True)


def verdict(what: str, figure: float, bar: float, at_most: bool = True) -> None:
    """Prints whether a value meets its limit."""
    is_met = figure <= bar if at_most else figure >= bar
    print(f"  {what}: {figure:.2f}, {'at most' if at_most else 'at least'} {bar:g} wanted: "
          f"{'met' if is_met else 'MISSED'}", flush=True)
