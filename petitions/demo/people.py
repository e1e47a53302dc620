"""Names for made-up signers: given and family names stay inside one tradition, as names do."""

from __future__ import annotations

from random import Random

_NAMES: tuple[tuple[str, str, str], ...] = (
    ("Alice Beatrix Clara Edith Florence Harriet Imogen Nell Arthur Edmund George Hugh Oscar Rupert Walter",
     "Ashdown Barrow Clarke Dunmore Fairley Greenhalgh Holloway Loxley Marsh Pemberton Thorpe Whitlock", " "),
    ("Aoife Ciara Niamh Róisín Siobhán Cormac Dáithí Fionn Oisín Tadhg",
     "Breathnach Cárthaigh Domhnaill Gallchóir Murchú", " "),
    ("Astrid Freja Ingrid Maja Saga Anders Björn Erik Gustav Søren",
     "Berg Dahl Ek Håkansson Lindqvist Nygård Sjöberg Ström Østergaard", " "),
    ("Adaeze Amara Chidinma Ngozi Yetunde Chukwuemeka Femi Obinna Tunde",
     "Adeyemi Balogun Eze Mensah Nwosu Okafor Okonkwo Owusu", " "),
    ("Camila Inés Lucía Valentina Álvaro Íñigo Joaquín Mateo Santiago",
     "Castañeda García Ibáñez Muñoz Núñez Peña Quiñones", " "),
    ("Anička Božena Ludmila Zdeňka Jiří Matěj Ondřej Přemysl",
     "Černý Dvořák Hájek Kovář Novotný Říha Šimek", " "),
    ("Agnieszka Grażyna Małgorzata Łucja Bogdan Grzegorz Paweł Zbigniew",
     "Dąbek Głowacz Kozłowski Wąsik Wójcik Zając", " "),
    ("Ayşe Çiğdem Elif Gül İrem Cem Emre Oğuz Tolga",
     "Aydın Çelik Demir Güneş Öztürk Şahin Yıldız", " "),
    ("Linh Mai Phương Thảo Đức Hùng Quân Tuấn",
     "Bùi Đặng Lê Nguyễn Phạm Trần", " "),
    ("Ольга Светлана Татьяна Дмитрий Михаил Сергей",
     "Беленко Кравчук Мельник Савченко Шевчук", " "),
    ("Ελένη Κατερίνα Σοφία Γιάννης Νίκος Σταύρος",
     "Δημητρίου Ιωάννου Νικολάου Παππάς", " "),
    ("فاطمة ليلى مريم أحمد حسن يوسف",
     "الحداد الخطيب النجار حسين منصور", " "),
    ("נועה רחל תמר דוד יעקב משה",
     "אבני ברק גולן לוי שחר", " "),
    ("अनीता प्रिया सुनीता अर्जुन राजेश विक्रम",
     "गुप्ता पटेल शर्मा सिंह वर्मा", " "),
    ("静怡 美玲 雨桐 伟明 志强 浩然",
     "李 王 张 陈 林 黄", ""),
    ("さくら 美咲 陽菜 健太 翔太 大輔",
     "佐藤 鈴木 高橋 田中 渡辺", "\u3000"),
    ("서연 지은 하윤 도윤 민준 지훈",
     "김 박 이 정 최", ""),
    ("ნინო თამარ გიორგი ლუკა",
     "ბერიძე კაპანაძე გელაშვილი", " "),
    ("ሰላም ሀና ዳዊት ዮሐንስ",
     "ተስፋዬ በቀለ ገብረ", " "),
    ("Aroha Mere Ngaio Rangi Tāne Wiremu",
     "Hēnare Parata Tāwhiri Waititi", " "),
)  # fmt: skip

# Where the family name comes first.
_FAMILY_FIRST = frozenset({14, 15, 16})
# Most people of Arvenia carry names of the first few traditions.
_WEIGHTS = (40, 6, 14, 8, 8, 7, 5, 4, 4, 2, 2, 3, 1, 3, 2, 1, 1, 1, 1, 2)


def make_name(random: Random) -> str:
    """A believable full name; the same state of `random` gives the same name."""
    (tradition,) = random.choices(range(len(_NAMES)), _WEIGHTS)
    given_names, family_names, between = _NAMES[tradition]
    given = random.choice(given_names.split(" "))
    family = random.choice(family_names.split(" "))
    parts = (family, given) if tradition in _FAMILY_FIRST else (given, family)
    return between.join(parts)


#: Made-up mail providers, with how many of ten people are at each; none can ever receive mail.
MAIL_DOMAINS = ("people.example.org",) * 4 + ("post.example.net",) * 3 + ("letters.example.com",) * 2


def make_address(number: int) -> str:
    """The e-mail address of signer `number` in its canonical form: at a provider of many, every tenth at a small one."""
    small = f"village{number // 10 % 40}.example.org"
    return f"signer{number}@{(*MAIL_DOMAINS, small)[number % 10]}"
