"""Which characters beyond ASCII behave alike for Claude's tokenizers: facts, not categories of the running Python.

The sets are those of ctok 1.3.0 (MIT, Sander Land) with Unicode 15.1, written out so that a count does not change with
the Unicode version of the interpreter. Hexadecimal code points and ranges of the basic plane; characters that
normalisation removes or folds (controls, surrogates, private use, most blanks) are left out or lie inside a range
without effect. What is in no set here (Han, Hangul, everything above the basic plane) stands alone without a marker.
"""

from __future__ import annotations

WORD = (
    "aa b5 ba c0-d6 d8-f6 f8-2c1 2c6-2d1 2e0-2e4 2ec 2ee 345 363-374 376-377 37a-37d 37f 386 388-38a 38c 38e-3a1 "
    "3a3-3f5 3f7-481 48a-52f 531-556 559 560-588 5b0-5bd 5bf 5c1-5c2 5c4-5c5 5c7-5c9 5d0-5ea 5ef-5f2 610-61a "
    "620-657 659-65f 66e-6d3 6d5-6dc 6e1-6e8 6ed-6ef 6fa-6fc 6ff 710-73f 74d-7b1 7ca-7ea 7f4-7f5 7fa 800-817 "
    "81a-82c 840-858 860-86a 870-887 889-88e 897 8a0-8c9 8d4-8df 8e3-8e9 8f0-93b 93d-94c 94e-950 955-963 971-983 "
    "985-98c 98f-990 993-9a8 9aa-9b0 9b2 9b6-9b9 9bd-9c4 9c7-9c8 9cb-9cc 9ce 9d7 9dc-9dd 9df-9e3 9f0-9f1 9fc "
    "a01-a03 a05-a0a a0f-a10 a13-a28 a2a-a30 a32-a33 a35-a36 a38-a39 a3e-a42 a47-a48 a4b-a4c a51 a59-a5c a5e "
    "a70-a75 a81-a83 a85-a8d a8f-a91 a93-aa8 aaa-ab0 ab2-ab3 ab5-ab9 abd-ac5 ac7-ac9 acb-acc ad0 ae0-ae3 af9-afc "
    "b01-b03 b05-b0c b0f-b10 b13-b28 b2a-b30 b32-b33 b35-b39 b3d-b44 b47-b48 b4b-b4c b56-b57 b5c-b5d b5f-b63 b71 "
    "b82-b83 b85-b8a b8e-b90 b92-b95 b99-b9a b9c b9e-b9f ba3-ba4 ba8-baa bae-bb9 bbe-bc2 bc6-bc8 bca-bcc bd0 bd7 "
    "c00-c0c c0e-c10 c12-c28 c2a-c39 c3d-c44 c46-c48 c4a-c4c c55-c56 c58-c5a c5d c60-c63 c80-c83 c85-c8c c8e-c90 "
    "c92-ca8 caa-cb3 cb5-cb9 cbd-cc4 cc6-cc8 cca-ccc cd5-cd6 cdd-cde ce0-ce3 cf1-cf3 d00-d0c d0e-d10 d12-d3a "
    "d3d-d44 d46-d48 d4a-d4c d4e d54-d57 d5f-d63 d7a-d7f d81-d83 d85-d96 d9a-db1 db3-dbb dbd dc0-dc6 dcf-dd4 dd6 "
    "dd8-ddf df2-df3 e01-e3a e40-e46 e4d e81-e82 e84 e86-e8a e8c-ea3 ea5 ea7-eb9 ebb-ebd ec0-ec4 ec6 ecd edc-edf "
    "f00 f40-f47 f49-f6c f71-f83 f88-f97 f99-fbc 1000-1036 1038 103b-103f 1050-108f 109a-109d 10a0-10c5 10c7 10cd "
    "10d0-10fa 10fc-1248 124a-124d 1250-1256 1258 125a-125d 1260-1288 128a-128d 1290-12b0 12b2-12b5 12b8-12be 12c0 "
    "12c2-12c5 12c8-12d6 12d8-1310 1312-1315 1318-135a 1380-138f 13a0-13f5 13f8-13fd 1401-166c 166f-169a 16a0-16ea "
    "16ee-16f8 1700-1713 171f-1733 1740-1753 1760-176c 176e-1770 1772-1773 1780-17b3 17b6-17c8 17d7 17dc 1820-1878 "
    "1880-18aa 18b0-18f5 1900-191e 1920-192b 1930-1938 1950-196d 1970-1974 1980-19ab 19b0-19c9 1a00-1a1b 1a20-1a5e "
    "1a61-1a74 1aa7 1abf-1ac0 1acc-1ace 1b00-1b33 1b35-1b43 1b45-1b4c 1b80-1ba9 1bac-1baf 1bba-1be5 1be7-1bf1 "
    "1c00-1c36 1c4d-1c4f 1c5a-1c7d 1c80-1c8a 1c90-1cba 1cbd-1cbf 1ce9-1cec 1cee-1cf3 1cf5-1cf6 1cfa 1d00-1dbf "
    "1dd3-1df4 1e00-1f15 1f18-1f1d 1f20-1f45 1f48-1f4d 1f50-1f57 1f59 1f5b 1f5d 1f5f-1f7d 1f80-1fb4 1fb6-1fbc 1fbe "
    "1fc2-1fc4 1fc6-1fcc 1fd0-1fd3 1fd6-1fdb 1fe0-1fec 1ff2-1ff4 1ff6-1ffc 2071 207f 2090-209c 2102 2107 210a-2113 "
    "2115 2119-211d 2124 2126 2128 212a-212d 212f-2139 213c-213f 2145-2149 214e 2160-2188 24b6-24e9 2c00-2ce4 "
    "2ceb-2cee 2cf2-2cf3 2d00-2d25 2d27 2d2d 2d30-2d67 2d6f 2d80-2d96 2da0-2da6 2da8-2dae 2db0-2db6 2db8-2dbe "
    "2dc0-2dc6 2dc8-2dce 2dd0-2dd6 2dd8-2dde 2de0-2dff 2e2f 3041-3096 309d-309f 30a1-30fa 30fc-30ff 3105-312f "
    "3131-318e 31a0-31bf 31f0-31ff a000-a48c a4d0-a4fd a500-a60c a610-a61f a62a-a62b a640-a66e a674-a67b a67f-a6ef "
    "a717-a71f a722-a788 a78b-a7cb a7d0-a7d1 a7d3 a7d5-a7d9 a7f2-a805 a807-a827 a840-a873 a880-a8c3 a8c5 a8f2-a8f7 "
    "a8fb a8fd-a8ff a90a-a92a a930-a952 a960-a97c a980-a9b2 a9b4-a9bf a9cf a9e0-a9ef a9fa-a9fe aa00-aa36 aa40-aa4d "
    "aa60-aa76 aa7a-aabe aac0 aac2 aadb-aadd aae0-aaef aaf2-aaf5 ab01-ab06 ab09-ab0e ab11-ab16 ab20-ab26 ab28-ab2e "
    "ab30-ab5a ab5c-ab69 ab70-abea d7b0-d7c6 d7cb-d7fb fb00-fb06 fb13-fb17 fb1d-fb28 fb2a-fb36 fb38-fb3c fb3e "
    "fb40-fb41 fb43-fb44 fb46-fbb1 fbd3-fd3d fd50-fd8f fd92-fdc7 fdf0-fdfb fe70-fe74 fe76-fefc ff21-ff3a ff41-ff5a "
    "ff66-ffbe ffc2-ffc7 ffca-ffcf ffd2-ffd7 ffda-ffdc"
)
"""Characters that form words with their neighbours: letters, vowel signs, Roman numerals, circled letters."""

LOOSE_MARK = (
    "345 363-36f 5b0-5bd 5bf 5c1-5c2 5c4-5c5 5c7 610-61a 64b-657 659-65f 670 6d6-6dc 6e1-6e4 6e7-6e8 6ed 816-817 "
    "81b-823 825-827 829-82c 8d4-8df 8e3-8e9 8f0-8ff c55-c56 e38-e3a eb8-eb9 f71-f72 f74 f7a-f7d f80 f82-f83 108d "
    "18a9 1a17-1a18 1abf-1ac0 1acc-1ace 1dd3-1df4 2de0-2dff a674-a67b a69e-a69f aab0 aab2-aab4 aab7-aab8 aabe fb1e"
)
"""The part of WORD that is a mark in search of a base: a word that opens with one keeps its capitals as they are."""

BORDER = (
    "a1-a9 ab-b4 b6-b9 bb-bf d7 f7 2c2-2c5 2d2-2df 2e5-2eb 2ed 2ef-344 346-362 375 378-379 37e 380-385 387 38b 38d "
    "3a2 3f6 482-489 530 557-558 55a-55f 589-5af 5be 5c0 5c3 5c6 5ca-5cf 5eb-5ee 5f3-60f 61b-61f 658 660-66d 6d4 "
    "6dd-6e0 6e9-6ec 6f0-6f9 6fd-6fe 700-70f 740-74c 7b2-7c9 7eb-7f3 7f6-7f9 7fb-7ff 818-819 82d-83f 859-85f "
    "86b-86f 888 88f-896 898-89f 8ca-8d3 8e0-8e2 8ea-8ef 93c 94d 951-954 964-970 984 98d-98e 991-992 9a9 9b1 "
    "9b3-9b5 9ba-9bc 9c5-9c6 9c9-9ca 9cd 9cf-9d6 9d8-9db 9de 9e4-9ef 9f2-9fb 9fd-a00 a04 a0b-a0e a11-a12 a29 a31 "
    "a34 a37 a3a-a3d a43-a46 a49-a4a a4d-a50 a52-a58 a5d a5f-a6f a76-a80 a84 a8e a92 aa9 ab1 ab4 aba-abc ac6 aca "
    "acd-acf ad1-adf ae4-af8 afd-b00 b04 b0d-b0e b11-b12 b29 b31 b34 b3a-b3c b45-b46 b49-b4a b4d-b55 b58-b5b b5e "
    "b64-b70 b72-b81 b84 b8b-b8d b91 b96-b98 b9b b9d ba0-ba2 ba5-ba7 bab-bad bba-bbd bc3-bc5 bc9 bcd-bcf bd1-bd6 "
    "bd8-bff c0d c11 c29 c3a-c3c c45 c49 c4d-c54 c57 c5b-c5c c5e-c5f c64-c7f c84 c8d c91 ca9 cb4 cba-cbc cc5 cc9 "
    "ccd-cd4 cd7-cdc cdf ce4-cf0 cf4-cff d0d d11 d3b-d3c d45 d49 d4d d4f-d53 d58-d5e d64-d79 d80 d84 d97-d99 db2 "
    "dbc dbe-dbf dc7-dce dd5 dd7 de0-df1 df4-e00 e3b-e3f e47-e4c e4e-e80 e83 e85 e8b ea4 ea6 eba ebe-ebf ec5 "
    "ec7-ecc ece-edb ee0-eff f01-f3f f48 f6d-f70 f84-f87 f98 fbd-fff 1037 1039-103a 1040-104f 1090-1099 109e-109f "
    "10c6 10c8-10cc 10ce-10cf 10fb 1249 124e-124f 1257 1259 125e-125f 1289 128e-128f 12b1 12b6-12b7 12bf 12c1 "
    "12c6-12c7 12d7 1311 1316-1317 135b-137f 1390-139f 13f6-13f7 13fe-1400 166d-166e 169b-169f 16eb-16ed 16f9-16ff "
    "1714-171e 1734-173f 1754-175f 176d 1771 1774-177f 17b4-17b5 17c9-17d6 17d8-17db 17dd-181f 1879-187f 18ab-18af "
    "18f6-18ff 191f 192c-192f 1939-194f 196e-196f 1975-197f 19ac-19af 19ca-19ff 1a1c-1a1f 1a5f-1a60 1a75-1aa6 "
    "1aa8-1abe 1ac1-1acb 1acf-1aff 1b34 1b44 1b4d-1b7f 1baa-1bab 1bb0-1bb9 1be6 1bf2-1bff 1c37-1c4c 1c50-1c59 "
    "1c7e-1c7f 1c8b-1c8f 1cbb-1cbc 1cc0-1ce8 1ced 1cf4 1cf7-1cf9 1cfb-1cff 1dc0-1dd2 1df5-1dff 1f16-1f17 1f1e-1f1f "
    "1f46-1f47 1f4e-1f4f 1f58 1f5a 1f5c 1f5e 1f7e-1f7f 1fb5 1fbd 1fbf-1fc1 1fc5 1fcd-1fcf 1fd4-1fd5 1fdc-1fdf "
    "1fed-1ff1 1ff5 1ffd-2070 2072-207e 2080-208f 209d-2101 2103-2106 2108-2109 2114 2116-2118 211e-2123 2125 2127 "
    "2129 212e 213a-213b 2140-2144 214a-214d 214f-215f 2189-24b5 24ea-2bff 2ce5-2cea 2cef-2cf1 2cf4-2cff 2d26 "
    "2d28-2d2c 2d2e-2d2f 2d68-2d6e 2d70-2d7f 2d97-2d9f 2da7 2daf 2db7 2dbf 2dc7 2dcf 2dd7 2ddf 2e00-2e2e 2e30-2fff "
    "302a-302f 3040 3097-309c 30a0 30fb 3100-3104 3130 318f-319f 31c0-31ef 3200-33ff 4dc0-4dff a48d-a4cf a4fe-a4ff "
    "a60d-a60f a620-a629 a62c-a63f a66f-a673 a67c-a67e a6f0-a716 a720-a721 a789-a78a a7cc-a7cf a7d2 a7d4 a7da-a7f1 "
    "a806 a828-a83f a874-a87f a8c4 a8c6-a8f1 a8f8-a8fa a8fc a900-a909 a92b-a92f a953-a95f a97d-a97f a9b3 a9c0-a9ce "
    "a9d0-a9df a9f0-a9f9 a9ff aa37-aa3f aa4e-aa5f aa77-aa79 aabf aac1 aac3-aada aade-aadf aaf0-aaf1 aaf6-ab00 "
    "ab07-ab08 ab0f-ab10 ab17-ab1f ab27 ab2f ab5b ab6a-ab6f abeb-abff d7a4-d7af d7c7-d7ca d7fc-d7ff fa6e-fa6f "
    "fada-faff fb07-fb12 fb18-fb1c fb29 fb37 fb3d fb3f fb42 fb45 fbb2-fbd2 fd3e-fd4f fd90-fd91 fdc8-fdef fdfc-fe6f "
    "fe75 fefd-ff20 ff3b-ff40 ff5b-ff65 ffbf-ffc1 ffc8-ffc9 ffd0-ffd1 ffd8-ffd9 ffdd-ffff"
)
"""Characters that take a word border marker where they touch a space: punctuation, symbols, digits of other scripts."""

OTHER_NUMBER = (
    "b2-b3 b9 bc-be 9f4-9f9 b72-b77 bf0-bf2 c78-c7e d58-d5e d70-d78 f2a-f33 1369-137c 17f0-17f9 19da 2070 2074-2079 "
    "2080-2089 2150-215f 2189 2460-249b 24ea-24ff 2776-2793 2cfd 3192-3195 3220-3229 3248-324f 3251-325f 3280-3289 "
    "32b1-32bf a830-a835"
)
"""The part of BORDER that is a number but no decimal digit: fractions, superscripts, circled numbers."""

OTHER_DIGIT = (
    "7c0-7c9 966-96f 9e6-9ef a66-a6f ae6-aef b66-b6f be6-bef c66-c6f ce6-cef d66-d6f de6-def e50-e59 ed0-ed9 "
    "f20-f29 1040-1049 1090-1099 17e0-17e9 1810-1819 1946-194f 19d0-19d9 1a80-1a89 1a90-1a99 1b50-1b59 1bb0-1bb9 "
    "1c40-1c49 1c50-1c59 a620-a629 a8d0-a8d9 a900-a909 a9d0-a9d9 a9f0-a9f9 aa50-aa59 abf0-abf9 ff10-ff19"
)
"""The part of BORDER that is a decimal digit, without the two Arabic sets, which never join a run of other numbers."""

SELECTOR = "fe00-fe0f"
"""Variation selectors: they ride the character before them."""

CLOSED_WORD = "5c8-5c9 897 1c89-1c8a 24b6-24e9 a7cb"
"""The part of WORD after which an apostrophe does not join a contraction."""

NO_CASE = "5c8-5c9 897 16ee-16f0 2180-2182 2185-2188 a6e6-a6ef"
"""The part of WORD that has no case and yet leaves a run of capitals a run of capitals."""


def as_class(ranges: str) -> str:
    """Return the code points of a range string as the inside of a regular expression's `[...]`."""
    return "".join("-".join(f"\\u{int(point, 16):04x}" for point in item.split("-")) for item in ranges.split())
