/*
 * intake.h - rows of a source, typed and packed by one thread; their units found where they are known.
 *
 * A thread takes the rows of its share, alone. Then the process's first thread gives ordinals to the units nobody knew,
 * in the order of the source, and the intakes' rows go on from there.
 */
#ifndef SL_LOAD_INTAKE_H
#define SL_LOAD_INTAKE_H

#include "enclave/load/layout.h"
#include "enclave/load/typing.h"
#include "enclave/load/units.h"
#include "enclave/vault/registry.h"

struct sl_hmac;

/* What all intakes of an import share; read only while they work. */
struct sl_intake_plan {
	const struct sl_load_setup *setup;
	const struct sl_typer *typers; /* one per column */
	const uint32_t *place;         /* the source column of each column */
	struct sl_layout layout;
	struct sl_units units;
};

/* A unit text that the cache did not know, once per intake and turn. */
struct sl_new_unit {
	struct sl_unit_key key;        /* its text stands at text_at of `texts` when the turn ends */
	size_t text_at;
	uint32_t ordinal;              /* given by whoever settles the turn */
	uint8_t hash[SL_REGISTRY_HASH_BYTES];
};

struct sl_intake_bad {
	uint64_t line;
	const char *column, *reason;   /* borrowed from the setup; static */
};

#define SL_INTAKE_AHEAD 16u

/* A row whose unit is still to be looked up. */
struct sl_intake_ahead {
	struct sl_unit_key key;
	uint32_t row;
	char room[SL_DECIMAL_TEXT];
};

/* Caller's storage; fields are the intake's own, but may be read when the turn is over. */
struct sl_intake {
	const struct sl_intake_plan *plan;
	struct sl_hmac *mac;
	uint64_t seen;                 /* rows, bad ones included */
	uint8_t *rows;                 /* packed; of waiting ones the unit is an index of `fresh` */
	uint64_t *lines;               /* of rows, when a unit has one row */
	uint32_t nrows, rows_cap;
	struct sl_new_unit *fresh;
	uint32_t nfresh, fresh_cap;
	uint32_t *slots, nslots;       /* of fresh, by hash: index + 1 */
	uint32_t *waiting, nwaiting, waiting_cap;
	struct sl_buf texts;
	struct sl_intake_bad *bad;     /* the first bad_rows_max */
	uint32_t nbad;
	uint64_t bad_total;
	struct sl_intake_ahead ahead[SL_INTAKE_AHEAD];
	uint32_t nahead, first_ahead;
	bool texts_stay;               /* cells outlive the turn, not only the row */
	enum sl_rc rc;                 /* sticky; err says why */
	struct sl_err err;
};

/*
 * sl_intake_init - before lock-down; plan is borrowed, its parts may be filled in later.
 * Fails: SL_E_NOMEM, SL_E_BUG (HMAC). sl_intake_fini also after failure; accepts a zeroed one.
 */
SL_MUST_CHECK enum sl_rc sl_intake_init(struct sl_intake *in, const struct sl_intake_plan *plan, struct sl_err *err);
void sl_intake_fini(struct sl_intake *in);

/* sl_intake_begin - a new turn: no rows. */
void sl_intake_begin(struct sl_intake *in);
/* sl_intake_row - one row; a bad one is counted and, of the first, told. Failures are kept in in->rc. */
void sl_intake_row(struct sl_intake *in, const struct sl_row *row);
/* sl_intake_end - the turn is over: `fresh` has keys and hashes. */
void sl_intake_end(struct sl_intake *in);
/* sl_intake_settle - put the fresh units' ordinals, which were given, into the rows that wait for them. */
void sl_intake_settle(struct sl_intake *in);

/* sl_intake_bytes - memory it holds. */
uint64_t sl_intake_bytes(const struct sl_intake *in);

#endif
