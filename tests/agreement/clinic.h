/*
 * clinic.h - a random request about made-up visits: microdata, two to four outputs of one kind of number, rules, and
 * the evidence as the engine counts it.
 */
#ifndef SL_TEST_AGREEMENT_CLINIC_H
#define SL_TEST_AGREEMENT_CLINIC_H

#include "policy/check.h"
#include "tests/unit/engine/memory_store.h"

enum clinic_table { CLINIC_VISITS, CLINIC_PEOPLE, CLINIC_WARDS, CLINIC_TABLES };
enum clinic_visit { VISIT_WARD, VISIT_FLAG, VISIT_AGE, VISIT_AMOUNT, VISIT_COLUMNS };
enum clinic_person { PERSON_SEX, PERSON_TOWN, PERSON_INCOME, PERSON_COLUMNS };

#define CLINIC_PLANS 4
#define CLINIC_KEYS 3
#define CLINIC_WARD_LABELS 4
#define CLINIC_AGES 5
#define CLINIC_AMOUNT_OVER 30 /* where amounts are asked for, or units by theirs */
#define CLINIC_ATTRIBUTES 3 /* whether it is on the coast, whether it is large, how many beds it has */
#define CLINIC_BEDS_LEAST 7
#define CLINIC_BEDS_MOST 40

/* What an output is grouped by: a column as it stands, in bands, or what the wards' table says of it. */
struct clinic_key {
	uint8_t table, column;
	bool banded;
	uint8_t lookup; /* an attribute of the ward, from 1; 0: none. Of beds in bands: how large it is, within coast */
};

struct clinic_plan {
	struct sl_source sources[2];
	struct sl_raw raws[1];
	struct sl_fold folds[1];
	struct sl_op fold_ops[1], inner_ops[3], having_ops[3], where_ops[7], arg_ops[3];
	struct sl_input inputs[CLINIC_KEYS + 4];
	struct sl_key keys[CLINIC_KEYS];
	struct clinic_key what[CLINIC_KEYS];
	struct sl_stat stat;
};

/* What the request is made of, the same for all of its outputs. */
struct clinic_ask {
	enum sl_stat_fn fn;
	enum sl_fold_fn fold;      /* of amounts, or of visits */
	bool joined, folded, beds, having, where_source, income, where_key, where_amount, where_two, constant;
};

struct clinic {
	struct sl_check_setup setup;
	struct sl_table tables[CLINIC_TABLES];
	struct sl_column visits[VISIT_COLUMNS], people[PERSON_COLUMNS], ward[CLINIC_ATTRIBUTES];
	struct sl_reference_cell told[CLINIC_WARD_LABELS * CLINIC_ATTRIBUTES]; /* of each ward */
	struct memory_store store;
	struct clinic_ask ask;
	struct clinic_plan parts[CLINIC_PLANS];
	struct sl_plan plans[CLINIC_PLANS];
	struct sl_result results[CLINIC_PLANS];
	uint64_t random;
};

uint32_t clinic_draw(struct clinic *c, uint32_t below);
/*
 * clinic_begin - rows and rules of a seed, and nothing asked for. clinic_plan - an output by n keys, of what ask says.
 * clinic_init - the request of a seed, counted. clinic_count - evidence of every plan from the rows as they are now. */
void clinic_begin(struct clinic *c, uint64_t seed);
void clinic_plan(struct clinic *c, const struct clinic_key *keys, uint32_t n);
void clinic_init(struct clinic *c, uint64_t seed);
void clinic_count(struct clinic *c);
void clinic_fini(struct clinic *c);
/* clinic_having - what a unit's fold is greater than, where that is asked. */
int64_t clinic_having(const struct clinic *c);
/* clinic_shuffle - the rows of each unit in another order. */
void clinic_shuffle(struct clinic *c);

#endif
