/* house.h - a view of three tables and a plan over it, both right; each test breaks one thing. */
#ifndef SL_TEST_PACT_HOUSE_H
#define SL_TEST_PACT_HOUSE_H

#include "enclave/pact/publication.h"
#include "tests/unit/pact/build.h"

/* Columns of every table. */
enum { H_PLACE, H_SEX, H_AGE, H_PRICE, H_DAY, H_COLUMNS };

struct house {
	struct sl_column columns[3][H_COLUMNS]; /* s.visits, s.people (one row per unit), o.places (no units) */
	struct sl_table tables[3];
	struct sl_reference_cell cells[2 * H_COLUMNS]; /* of o.places, which is the domain of the place of s.visits */
	struct sl_view view;
	struct sl_source sources[2];
	struct sl_input inputs[2 * H_COLUMNS];
	struct sl_key keys[2];                  /* place, sensitive; bands(age) of the second source */
	struct sl_stat stats[3];                /* units, sum(price), share(sex) */
	struct sl_calc calcs[1];                /* sum / units */
	struct sl_order order[1];
	struct build sum, share, calc, where;
	struct sl_plan plan;
	struct sl_err err;
};

void house_init(struct house *h);

/* 4 groups of place (two labels, other, missing) times 3 of age: 12 cells; the margin over place has 3. */
#define H_CELLS 12
#define H_MARGIN 3

#endif
