"""Which spots of a building cannot be the same: a lamp in the basement is not the one in the stairwell."""

_AREAS = tuple(
    frozenset(area.split())
    for area in (
        "地下停车场 地下车库 地下室 车库 地库",
        "楼梯间 楼道 楼到 楼梯 走廊 过道 走道 楼梯口 楼梯拐角 楼道口",
        "天台 楼顶 屋顶",
        "小区门口 小区大门 大门口 大门 花坛 绿化带 草坪 凉亭 健身区 广场 游乐场 篮球场 操场 儿童乐园 中心花园 小花园"
        " 路口 马路 马路边 路边 人行道 池塘 池塘边 河边 院子 菜地",
        "阳台 厨房 卫生间 厕所 客厅 卧室",
    )
)
"""Below, the stairs, the roof, out of doors, in a flat; within one of them words are used for each other."""


def are_apart(one: str | None, other: str | None) -> bool:
    """Whether two spots that were named lie in different areas."""
    areas = [area for area in _AREAS if one in area or other in area]
    return len(areas) > 1
