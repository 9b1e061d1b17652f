"""Small lines: on one scale from zero, parted where a week is not known."""

from reports.spark import HEIGHT, WIDTH, Spark, spark


def test_both_lines_have_one_scale_from_zero() -> None:
    assert spark([0, 10, 5], [5, 5, 5]) == Spark(
        found=[f"0.0,28.0 {WIDTH / 2},2.0 {float(WIDTH)},15.0"],
        expected=[f"0.0,15.0 {WIDTH / 2},15.0 {float(WIDTH)},15.0"],
        last=(float(WIDTH), 15.0),
    )


def test_an_unknown_week_is_a_gap_and_an_unknown_last_week_has_no_dot() -> None:
    drawn = spark([4, None, 4, None], [None, None, 2, None])
    assert [len(piece.split()) for piece in drawn.found] == [1, 1]
    assert [len(piece.split()) for piece in drawn.expected] == [1]
    assert drawn.last is None


def test_nothing_at_all_lies_on_the_ground() -> None:
    assert spark([0, 0], [0, 0]).found == [f"0.0,{HEIGHT - 2.0} {float(WIDTH)},{HEIGHT - 2.0}"]
    assert spark([], []) == Spark([], [], None)
