/*
 * review_facts.h - what a reviewer is told beside a number, in words: the same on a terminal, in JSON and on the page.
 *
 * Places are by file (table) and cell of its output; columns are statistics, then calcs. Words are ours but for the
 * label of an earlier cell: escape them all the same.
 */
#ifndef SL_UI_REVIEW_FACTS_H
#define SL_UI_REVIEW_FACTS_H

#include "jobs/request.h"

/* Why a row is shown before the others. */
enum sl_review_flag {
	SL_REVIEW_FLAG_JUDGE = 1,  /* a finding that hides nothing speaks of it */
	SL_REVIEW_FLAG_NEAR = 2,   /* a number of it is near a limit */
	SL_REVIEW_FLAG_FEW = 4,    /* few units more or less than in an earlier release: less than twice the threshold */
	SL_REVIEW_FLAG_MOVED = 8,  /* the same units as then, and another number */
	SL_REVIEW_FLAG_UNVEILED = 16, /* it was hidden then, and is shown now */
};
#define SL_REVIEW_FLAGS 5

/* sl_review_facts_value - a number of a row of the file, as printed. Borrowed. */
const struct sl_published_cell *sl_review_facts_value(const struct sl_review *r, uint32_t i, uint32_t row,
                                                      uint32_t column);

/* sl_review_facts_hides - field `field` of a row of the file has the marker. */
bool sl_review_facts_hides(const struct sl_review *r, uint32_t i, uint32_t row, uint32_t field);

/* sl_review_facts_number, _before, _was - NULL: not kept, none. */
const struct sl_behind_number *sl_review_facts_number(const struct sl_review *r, uint32_t i, uint32_t cell,
                                                      uint32_t stat);
const struct sl_behind_cell *sl_review_facts_before(const struct sl_review *r, uint32_t i, uint32_t cell);
const struct sl_behind_was *sl_review_facts_was(const struct sl_review *r, uint32_t i, uint32_t cell, uint32_t stat);

/* sl_review_facts_flags - bits of a row. sl_review_facts_flag_text - of one bit's number, 0 to SL_REVIEW_FLAGS - 1. */
uint32_t sl_review_facts_flags(const struct sl_review *r, uint32_t i, uint32_t cell);
const char *sl_review_facts_flag_text(uint32_t flag);
const char *sl_review_facts_flag_name(uint32_t flag);

/* A finding that hides a number. */
struct sl_review_hidden {
	uint32_t finding; /* its index */
	bool of_row;      /* it speaks of another number of the row: a quotient of hidden numbers is hidden */
};
#define SL_REVIEW_HIDDEN_MAX 64
/* sl_review_facts_hidden - how many there are, at most SL_REVIEW_HIDDEN_MAX. 0: no finding that was kept names it. */
uint32_t sl_review_facts_hidden(const struct sl_review *r, uint32_t i, uint32_t cell, uint32_t column,
                                struct sl_review_hidden out[static SL_REVIEW_HIDDEN_MAX]);
/* sl_review_facts_kinds - append "[c] threshold, of its row: linked". */
void sl_review_facts_kinds(const struct sl_review *r, uint32_t i, uint32_t cell, uint32_t column, struct sl_buf *out);

/*
 * Each appends what stands behind the statistics of a row, in the order of the columns with " / " between, once when it
 * is the same for all: units; rows behind what is a quotient; the band with its rule; what was printed before, and how
 * much came to it. _then: which earlier cell that is, and how many units differ. Nothing to say: nothing.
 */
void sl_review_facts_units(const struct sl_review *r, uint32_t i, uint32_t cell, struct sl_buf *out);
void sl_review_facts_rows(const struct sl_review *r, uint32_t i, uint32_t cell, struct sl_buf *out);
void sl_review_facts_margin(const struct sl_review *r, uint32_t i, uint32_t cell, struct sl_buf *out);
void sl_review_facts_earlier(const struct sl_review *r, uint32_t i, uint32_t cell, struct sl_buf *out);
void sl_review_facts_change(const struct sl_review *r, uint32_t i, uint32_t cell, struct sl_buf *out);
void sl_review_facts_then(const struct sl_review *r, uint32_t i, uint32_t cell, struct sl_buf *out);

/* sl_review_facts_label - append the labels of a cell's keys: "18-39, female"; of no key "the only row". */
void sl_review_facts_label(const struct sl_review *r, uint32_t i, uint32_t cell, struct sl_buf *out);

/* sl_review_facts_left_out - cells that do not leave because the author limits rows: which ones, the numbers decide. */
uint32_t sl_review_facts_left_out(const struct sl_review *r, uint32_t i);

/* sl_review_facts_nhidden - numbers of an output that are printed, and hidden. */
uint32_t sl_review_facts_nhidden(const struct sl_review *r, uint32_t i);

/* sl_review_facts_has_rows - whether an output has quotients. sl_review_facts_compared - whether it was compared. */
bool sl_review_facts_has_rows(const struct sl_review *r, uint32_t i);
bool sl_review_facts_compared(const struct sl_review *r, uint32_t i);

#endif
