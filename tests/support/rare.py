"""Han characters by the hundred thousand: every unified ideograph, so also each of the 8,105 standard ones 通用规范汉字表."""

from __future__ import annotations

#: Blocks of unified ideographs: the BMP with Extension A, Extensions B to H beyond it.
BLOCKS = (
    (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xFA0E, 0xFA2D), (0x20000, 0x2A6DF), (0x2A700, 0x2EBE0),
    (0x30000, 0x323AF),
)  # fmt: skip
HAN = "".join(chr(code) for first, last in BLOCKS for code in range(first, last + 1))
#: A few that names hold: outside GBK, outside the BMP, of the newest extensions; none is folded to another one.
TELLING = "䶮㐂㴪䲟鿏鿍鿎𠮷𫖯𬭎𬬻𫟹𬀩𪨶𡐓𫓹𰻝𱁬"
