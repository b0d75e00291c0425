/*
 * census.h - a few persons, tables of them that change between requests, and random requests of outputs of several
 * kinds about them, judged as the process that judges does, beside all that was let go before.
 */
#ifndef SL_TEST_AGREEMENT_CENSUS_H
#define SL_TEST_AGREEMENT_CENSUS_H

#include "policy/check.h"
#include "tests/unit/engine/memory_store.h"

enum census_column { CENSUS_TOWN, CENSUS_AGE, CENSUS_SICK, CENSUS_DEBT, CENSUS_COLUMNS };

#define CENSUS_TOWNS 2
#define CENSUS_AGES 3
#define CENSUS_DEBTS 6 /* as a number nobody knows which there are, it stands for many */
#define CENSUS_TYPES (CENSUS_TOWNS * CENSUS_AGES * 2 * CENSUS_DEBTS) /* of persons; one more: not there */
#define CENSUS_PERSONS 40
#define CENSUS_RELEASES 3
#define CENSUS_OUTPUTS 3
#define CENSUS_STATS 3

/* What leaves rows out, and what is counted. */
enum census_condition { CENSUS_ALL, CENSUS_IS_SICK, CENSUS_IS_WELL, CENSUS_OWES, CENSUS_OWES_MUCH, CENSUS_IN_TOWN_0,
	CENSUS_NOT_OLD, CENSUS_CONDITIONS };

struct census_expr {
	struct sl_op ops[4];
	struct sl_set set;
	struct sl_set_item items[2];
};

struct census_output {
	struct sl_source source;
	struct sl_input inputs[CENSUS_COLUMNS];
	struct sl_key keys[3];
	struct sl_stat stats[CENSUS_STATS];
	struct census_expr where, args[CENSUS_STATS];
	enum census_condition asks, counts[CENSUS_STATS];
};

/* One request, and what of it is shown. */
struct census_release {
	struct census_output outputs[CENSUS_OUTPUTS];
	struct sl_plan plans[CENSUS_OUTPUTS];
	struct sl_result results[CENSUS_OUTPUTS];
	struct sl_publication pub;
	uint32_t noutputs, version;
	bool released;
};

struct census {
	struct sl_check_setup setup;
	struct sl_table table;
	struct sl_column columns[CENSUS_COLUMNS];
	bool plain;                                    /* sums are asked for, and only debts change */
	uint32_t npersons;
	int16_t type[CENSUS_RELEASES][CENSUS_PERSONS]; /* in each version; -1: not there */
	struct census_release releases[CENSUS_RELEASES];
	uint32_t nreleases;
	struct sl_earlier_output earlier[CENSUS_RELEASES * CENSUS_OUTPUTS];
	struct sl_members members[CENSUS_RELEASES * CENSUS_OUTPUTS]; /* of what left, then of the request */
	uint32_t nearlier;
	uint64_t random;
};

uint32_t census_draw(struct census *c, uint32_t below);
/* census_value - a column of a type of persons. census_meets - whether the type meets a condition. */
int64_t census_value(uint32_t type, enum census_column column);
bool census_meets(uint32_t type, enum census_condition condition);
/* census_cell - the cell of an output a type is in; -1: it is left out. */
int census_cell(const struct census *c, const struct census_release *r, uint32_t output, uint32_t type);

/* census_begin - persons and rules of a seed. census_fini frees all. */
void census_begin(struct census *c, uint64_t seed);
void census_fini(struct census *c);
/*
 * census_release - the next request, of outputs drawn (census_draw_request) or said: census_output begins one,
 * census_stat is a number of the last. census_judge - what may leave of it has left; census_judge_alone - as if nothing
 * had left before. census_change - the next version of the table: enough persons come, go or change for it to be in
 * force.
 */
struct census_release *census_release(struct census *c);
void census_output(struct census *c, struct census_release *r, const enum census_column *keys, uint32_t nkeys,
                   enum census_condition asks);
void census_stat(struct census *c, struct census_release *r, enum sl_stat_fn fn, enum census_condition counts);
void census_draw_request(struct census *c, struct census_release *r);
void census_judge(struct census *c, struct census_release *r);
void census_judge_alone(struct census *c, struct census_release *r);
void census_change(struct census *c);
/* census_tell - all of it, for who has to find out. */
void census_tell(const struct census *c);

#endif
