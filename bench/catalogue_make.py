"""catalogue_make.py DIR [OWNERS [TABLES [COLUMNS]]] - data packages of many owners, with tiny tables, in several languages.

Each owner has one package, DIR/NAME/datapackage.json; each table a few rows, so that it can be imported. The same
arguments give the same bytes. Without numbers: 51 owners, 405 tables, 17,000 columns."""
import json
import pathlib
import random
import sys

# Language: words of subjects, of things measured, of the rest of a description.
WORDS = {
    "en": (["Admissions", "Income tax", "Pupils", "Companies", "Dwellings", "Prescriptions", "Vehicles", "Pensions"],
           ["age at entry", "annual amount", "number of visits", "waiting time", "floor area", "blood pressure"],
           "As reported by the department at the end of the period."),
    "zh": (["住院登记", "个人所得税", "在校学生", "企业登记", "住房", "处方", "机动车", "养老金"],
           ["入院年龄", "年度金额", "就诊次数", "等候时间", "建筑面积", "血压"],
           "由主管部门在期末上报。"),
    "ar": (["سجل المستشفى", "ضريبة الدخل", "التلاميذ", "الشركات", "المساكن", "الوصفات", "المركبات", "المعاشات"],
           ["العمر عند الدخول", "المبلغ السنوي", "عدد الزيارات", "مدة الانتظار", "المساحة", "ضغط الدم"],
           "كما أبلغت عنه الإدارة في نهاية الفترة."),
    "fr": (["Séjours hospitaliers", "Impôt sur le revenu", "Élèves", "Entreprises", "Logements", "Ordonnances",
            "Véhicules", "Retraites"],
           ["âge à l'entrée", "montant annuel", "nombre de visites", "délai d'attente", "surface", "pression artérielle"],
           "Déclaré par le service à la fin de la période."),
    "de": (["Krankenhausaufenthalte", "Einkommensteuer", "Schüler", "Unternehmen", "Wohnungen", "Verschreibungen",
            "Fahrzeuge", "Renten"],
           ["Alter bei Aufnahme", "Jahresbetrag", "Zahl der Besuche", "Wartezeit", "Wohnfläche", "Blutdruck"],
           "Gemeldet von der Behörde am Ende des Zeitraums."),
}
NAMES = {"en": ("dept", "table", "col"), "zh": ("部门", "表", "列"), "ar": ("إدارة", "جدول", "عمود"),
         "fr": ("département", "tableau", "colonne"), "de": ("behörde", "tabelle", "größe")}
CLASSES = ["on_application", "confidential", "open"]


def column(rng, language, i):
    _, measured, told = WORDS[language]
    title = f"{rng.choice(measured)} {i}"
    field = {"name": f"{NAMES[language][2]}_{i}", "title": title, "description": told}
    kind = i % 4
    if kind == 0:
        field |= {"type": "integer", "constraints": {"minimum": 0, "maximum": 120},
                  "sluice": {"uses": ["group", "filter"], "level": 2, "bands": [0, 18, 40, 65]}}
    elif kind == 1:
        field |= {"type": "number", "sluice": {"uses": ["measure"], "scale": 2, "measured_in": "EUR"}}
    elif kind == 2:
        field |= {"type": "string", "constraints": {"enum": ["a", "b", "c"]},
                  "sluice": {"uses": ["group", "filter"], "level": 1, "labels": {"a": title + " A"}}}
    else:
        field |= {"type": "date", "sluice": {"uses": ["filter"]}}
    return field


def rows(fields, rng, nunits):
    values = {"integer": lambda: rng.randrange(120), "number": lambda: f"{rng.randrange(100000) / 100:.2f}",
              "string": lambda: rng.choice("abc"), "date": lambda: f"20{rng.randrange(10, 26)}-0{rng.randrange(1, 10)}-15"}
    yield ",".join(f["name"] for f in fields)
    for unit in range(nunits):
        yield ",".join([str(unit)] + [str(values[f["type"]]()) for f in fields[1:]])


def table(rng, language, owner, i, ncolumns):
    subject, _, told = WORDS[language]
    name = f"{NAMES[language][1]}_{i}"
    fields = [{"name": "id", "type": "integer"}] + [column(rng, language, k) for k in range(1, ncolumns)]
    return {"name": name, "path": f"t{i}.csv", "title": f"{subject[i % len(subject)]} {2000 + i % 26}",
            "description": told,
            "sluice": {"owner": owner, "class": CLASSES[i % 2], "unit": {"column": "id", "space": "person"},
                       "one_row_per_unit": True, "period": "2025"},
            "schema": {"fields": fields}}


def shares(total, n):
    return [total * (i + 1) // n - total * i // n for i in range(n)]


def main(where, nowners=51, ntables=405, ncolumns=17000):
    where, nowners, ntables, ncolumns = pathlib.Path(where), int(nowners), int(ntables), int(ncolumns)
    columns = iter(shares(ncolumns, ntables))
    number = 0
    for k, tables in enumerate(shares(ntables, nowners)):
        rng = random.Random(k)
        language = list(WORDS)[k % len(WORDS)]
        owner = f"{NAMES[language][0]}-{k + 1}"
        home = where / f"{k + 1:02}"
        home.mkdir(parents=True, exist_ok=True)
        resources = []
        for _ in range(tables):
            number += 1
            resource = table(rng, language, owner, number, next(columns))
            resources.append(resource)
            (home / resource["path"]).write_text("\n".join(rows(resource["schema"]["fields"], rng, 12)) + "\n")
        package = {"name": owner, "title": f"{WORDS[language][0][k % 8]} — {owner}", "resources": resources}
        (home / "datapackage.json").write_text(json.dumps(package, ensure_ascii=False, indent=1))


main(*sys.argv[1:])
