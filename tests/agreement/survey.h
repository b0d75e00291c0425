/*
 * survey.h - some dozen units, what is known of them and what is not, and random sequences of requests about them, each
 * judged as the process that judges does, beside all that was let go before.
 *
 * A unit's ward (which lies in a district and a city), sex and age are what anybody may know of it. What it has in
 * pay and rent, whether it has any, and whether it is sick, are not.
 */
#ifndef SL_TEST_AGREEMENT_SURVEY_H
#define SL_TEST_AGREEMENT_SURVEY_H

#include "policy/check.h"
#include "tests/unit/engine/memory_store.h"

enum survey_column { SURVEY_WARD, SURVEY_SEX, SURVEY_AGE, SURVEY_PAY, SURVEY_RENT, SURVEY_SICK, SURVEY_COLUMNS };

#define SURVEY_WARDS 6
#define SURVEY_LEVELS 2     /* district, city */
#define SURVEY_AGES 6       /* grouped two by two */
#define SURVEY_UNITS 60
#define SURVEY_ROWS 180
#define SURVEY_REQUESTS 4
#define SURVEY_OUTPUTS 3
#define SURVEY_STATS 4
#define SURVEY_KEYS 3
#define SURVEY_PAY_OVER 200 /* where units are asked for by their pay */

struct survey_row {
	uint32_t unit;
	int64_t value[SURVEY_COLUMNS];
	bool missing[SURVEY_COLUMNS];
};

/* A range of values of what anybody may know, or all others. */
struct survey_literal {
	enum survey_column column;
	int64_t lo, hi;
	bool negated;
};

/* What nobody may know is asked for in one of these ways. */
enum survey_secret { SURVEY_ANYBODY, SURVEY_SICK_ONES, SURVEY_WELL, SURVEY_OVER, SURVEY_UNDER, SURVEY_SECRETS };

/* Literals, all of them or any, all of it perhaps the other way round; and a secret besides. */
struct survey_condition {
	struct survey_literal literals[2];
	uint32_t nliterals;
	bool any, negated;
	enum survey_secret secret;
};

/* What is added up. */
enum survey_measure { SURVEY_MEASURE_PAY, SURVEY_MEASURE_RENT, SURVEY_MEASURE_BOTH, SURVEY_MEASURES };

struct survey_expr {
	struct sl_op ops[16];
	struct sl_set sets[3];
	struct sl_set_item items[2][SURVEY_WARDS];
	uint32_t nops, nsets;
};

struct survey_stat {
	enum sl_stat_fn fn;
	enum survey_measure measure;       /* of a sum, mean or variance */
	struct survey_condition counts;    /* of a count_if or a share */
};

struct survey_output {
	struct sl_source source;
	struct sl_input inputs[SURVEY_COLUMNS + SURVEY_LEVELS];
	struct sl_key keys[SURVEY_KEYS];
	struct sl_stat stats[SURVEY_STATS];
	struct survey_expr where, args[SURVEY_STATS];
	struct survey_condition asks;
	struct survey_stat what[SURVEY_STATS];
};

enum survey_answer { SURVEY_REFUSED, SURVEY_FOR_A_PERSON, SURVEY_RELEASED };

/* One request, and what of it is shown. */
struct survey_request {
	struct survey_output outputs[SURVEY_OUTPUTS];
	struct sl_plan plans[SURVEY_OUTPUTS];
	struct sl_result results[SURVEY_OUTPUTS];
	struct sl_publication pub;
	uint32_t noutputs;
	enum survey_answer answer;
};

struct survey {
	struct sl_check_setup setup;
	struct sl_table tables[2];
	struct sl_column columns[SURVEY_COLUMNS], attributes[SURVEY_LEVELS];
	struct sl_reference_cell levels[SURVEY_WARDS * SURVEY_LEVELS];
	struct survey_row rows[SURVEY_ROWS];
	uint32_t nrows, nunits;
	struct survey_request requests[SURVEY_REQUESTS];
	uint32_t nrequests;
	struct sl_earlier_output earlier[SURVEY_REQUESTS * SURVEY_OUTPUTS];
	struct sl_members members[SURVEY_REQUESTS * SURVEY_OUTPUTS]; /* of what left, then of the request */
	uint32_t nearlier;
	bool several;               /* a unit may have several rows */
	bool forgets;               /* each request is judged as if nothing had left before */
	enum survey_measure theme;  /* what mostly is added up, of all its requests */
	enum survey_secret about;   /* and asked for */
	bool plain;                 /* they ask for few keys and sums, so that more is let go */
	bool sums;                  /* they ask for sums of pay alone, mostly of many at once */
	uint64_t random;
};

uint32_t survey_draw(struct survey *s, uint32_t below);

/* survey_begin - units and rules of a seed. survey_fini frees all. */
void survey_begin(struct survey *s, uint64_t seed);
void survey_fini(struct survey *s);
/*
 * survey_request - the next request. survey_output - one more of its outputs, by keys (a column; of the ward's district
 * and city SURVEY_COLUMNS and the next) of whom a condition asks for. survey_stat - one more number of the last output.
 * survey_draw_request - all of that, drawn.
 */
struct survey_request *survey_request(struct survey *s);
void survey_output(struct survey *s, struct survey_request *r, const uint32_t *keys, uint32_t nkeys,
                   const struct survey_condition *asks);
void survey_stat(struct survey *s, struct survey_request *r, const struct survey_stat *what);
void survey_draw_request(struct survey *s, struct survey_request *r);
/* survey_judge - what may leave of it has left. */
void survey_judge(struct survey *s, struct survey_request *r);

/* survey_knows - whether a row meets the part of a condition that anybody may know. */
bool survey_knows(const struct survey_condition *c, const struct survey_row *row);
/* survey_cell - the cell a row is in for all that anybody may know; -1: none. survey_cells - how many there are. */
int survey_cell(const struct survey *s, const struct survey_request *r, uint32_t output, const struct survey_row *row);
uint32_t survey_cells(const struct survey *s, const struct survey_request *r, uint32_t output);
/* survey_shown - a published number; NULL: it is hidden. */
const struct sl_published_cell *survey_shown(const struct survey_request *r, uint32_t output, uint32_t cell,
                                             uint32_t stat);

/* survey_tell - all of it; survey_tell_number - a number in words: for who has to find out. */
void survey_tell(const struct survey *s);
void survey_tell_number(const struct survey *s, const struct survey_request *r, uint32_t output, uint32_t cell,
                        uint32_t stat);

#endif
