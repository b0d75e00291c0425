/*
 * data_search.h - find tables and columns by words of their names, titles, descriptions and values.
 */
#ifndef SL_JOBS_DATA_SEARCH_H
#define SL_JOBS_DATA_SEARCH_H

#include "jobs/actor.h"

#define SL_SEARCH_WORDS_MAX 8

/* Where a word stands; less is found first. */
enum sl_search_place {
	SL_SEARCH_NOWHERE = 0, SL_SEARCH_TABLE, SL_SEARCH_COLUMN, SL_SEARCH_TITLE, SL_SEARCH_DESCRIPTION, SL_SEARCH_VALUES
};

/* One table or column that was found. Heap texts. */
struct sl_found {
	char *table, *column; /* column "" : the table itself */
	char *owner, *title;
	uint8_t class_;       /* enum sl_class, of the table */
	uint8_t place;        /* enum sl_search_place: of the best word */
	char *told;           /* what stands there around the word, cut; "" for names and titles, which are shown whole */
	char *projects;       /* of the actor, that are granted it, apart by ", " */
	char *grants;         /* the first of them; "" : none */
};

struct sl_search {
	struct sl_found *items;
	uint32_t n;
	uint32_t total;       /* that were found; items has the first of them */
	char *near;           /* when nothing was: a name like the first word; NULL: none */
};

/*
 * sl_data_search - each word stands somewhere in the name, title, description or values of what is found, or, for a
 * column, of its table; at least one in its own. Case, accents and full-width forms do not count. Of all datasets: the
 * catalogue's words are known to every role.
 *   words     in   1 to SL_SEARCH_WORDS_MAX
 *   most      in   keep so many; 0: all
 *   out       out  zeroed by the caller; sl_search_free
 * Fails: SL_E_INPUT (a word of which nothing is left), SL_E_DENIED, SL_E_NOMEM, those of the store.
 */
SL_MUST_CHECK enum sl_rc sl_data_search(struct sl_enclave *e, const struct sl_actor *actor,
                                        const struct sl_standing *standing, const char *const *words, size_t nwords,
                                        uint32_t most, struct sl_search *out, struct sl_err *err);
void sl_search_free(struct sl_search *s);

/* sl_search_place_name - "table", "column", "title", "description", "values". */
const char *sl_search_place_name(enum sl_search_place place);

#endif
