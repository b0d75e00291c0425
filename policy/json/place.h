/*
 * place.h - inside policy/json only: where a path stands in the text, found again without reading it from the start.
 *
 * Every column of a catalogue and of a grant keeps its line. Who reads a file asks for places in its order, so each
 * search goes on where the last one in that array or object ended: a file costs as much as its length, not its square.
 */
#ifndef SL_POLICY_JSON_PLACE_H
#define SL_POLICY_JSON_PLACE_H

#include "policy/json/json.h"
#include "policy/json/token.h"

#define SL_JSON_MARKS 8

/* What was found last; zeroed: nothing. */
struct sl_json_places {
	struct sl_json_mark {
		const json_t *in;      /* array or object; NULL: free */
		const char *at;        /* its element `index`, or a member's key */
		size_t index;
		uint64_t used;         /* rises; the least is given away */
	} marks[SL_JSON_MARKS];
	uint64_t clock;
	const char *counted;       /* line and column of this byte are known; NULL: none */
	uint32_t line, col;
};

/* sl_json_place_seek - t to the value of a place, or with `key` to a member's key. False: it is not there. */
bool sl_json_place_seek(struct sl_token *t, const struct sl_json_at *at, bool key);
/* sl_json_place_count - line and column of t->at; columns count code points. */
void sl_json_place_count(struct sl_json_places *places, const struct sl_token *t, uint32_t *line, uint32_t *col);

#endif
