/*
 * typing.h - from a source value to an int64 on the column's grid, or the reason why not.
 *
 * Rules (docs/formats.md): the empty text and the declared missing texts are missing, compared before anything is
 * trimmed; numbers, dates and booleans may have ASCII spaces around them; domain texts are compared byte by byte.
 */
#ifndef SL_LOAD_TYPING_H
#define SL_LOAD_TYPING_H

#include "enclave/load/rowsource.h"
#include "enclave/pact/load.h"

struct sl_texts_slot {
	uint64_t word;                 /* the text's first eight bytes */
	uint32_t position;             /* and one; 0 free */
	uint32_t len;
};

/* A set of texts by hash, each with its position. */
struct sl_texts {
	const struct sl_label *labels; /* borrowed */
	struct sl_texts_slot *slots;
	uint32_t nslots;
};

/* SL_E_NOMEM; SL_E_INPUT: a text twice. sl_texts_fini accepts a zeroed one. */
SL_MUST_CHECK enum sl_rc sl_texts_init(struct sl_texts *t, const struct sl_label *labels, uint32_t n,
                                       struct sl_err *err);
bool sl_texts_find(const struct sl_texts *t, const char *text, size_t len, uint32_t *position);
void sl_texts_fini(struct sl_texts *t);

struct sl_typer {
	const struct sl_load_column *column; /* borrowed */
	struct sl_texts domain, missing;
};

/*
 * sl_typer_init - before lock-down; column is borrowed as long as the typer lives.
 * Fails: SL_E_INPUT (labels twice, boolean with other than 0 or 2 labels, a date pattern without year, month and day or
 * with anything else, text without a domain), SL_E_NOMEM. sl_typer_fini also after failure.
 */
SL_MUST_CHECK enum sl_rc sl_typer_init(struct sl_typer *t, const struct sl_load_column *column, struct sl_err *err);
void sl_typer_fini(struct sl_typer *t);

/*
 * sl_typer_value - NULL when typed: *value and *missing are set (value 0 when missing). Otherwise the reason, a static
 * text that does not contain the value.
 */
const char *sl_typer_value(const struct sl_typer *t, const struct sl_cell *cell, int64_t *value, bool *missing);

/*
 * sl_typer_unit - the normalised unit text of a cell: ASCII spaces at both ends removed, otherwise its bytes; of a
 * column declared integer its number in decimal, written to `room`, or a reason why it is none. Borrowed from cell or
 * room. NULL when fine, else the reason.
 */
const char *sl_typer_unit(const struct sl_typer *t, const struct sl_cell *cell, char room[static SL_DECIMAL_TEXT],
                          const char **text, size_t *len);

#endif
