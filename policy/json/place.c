/* place.c - see place.h. */
#include "policy/json/place.h"

static struct sl_json_mark *find_mark(struct sl_json_places *places, const json_t *in)
{
	for (size_t i = 0; i < SL_JSON_MARKS; i++)
		if (places->marks[i].in == in)
			return &places->marks[i];
	return NULL;
}

static void keep_mark(struct sl_json_places *places, const json_t *in, const char *at, size_t index)
{
	struct sl_json_mark *m = find_mark(places, in);

	if (m == NULL) {
		m = &places->marks[0];
		for (size_t i = 1; i < SL_JSON_MARKS; i++)
			if (places->marks[i].used < m->used)
				m = &places->marks[i];
	}
	*m = (struct sl_json_mark){ .in = in, .at = at, .index = index, .used = ++places->clock };
}

static bool seek_element(struct sl_token *t, const struct sl_json_at *at)
{
	struct sl_json_places *places = at->doc->places;
	const struct sl_json_mark *m = find_mark(places, at->parent->value);

	if (m != NULL && m->index <= at->index) {
		t->at = m->at;
		for (size_t i = m->index; i < at->index; i++)
			if (!sl_token_next(t))
				return false;
	} else if (!sl_json_place_seek(t, at->parent, false) || !sl_token_element(t, at->index)) {
		return false;
	}
	keep_mark(places, at->parent->value, t->at, at->index);
	return true;
}

static bool seek_member(struct sl_token *t, const struct sl_json_at *at)
{
	struct sl_json_places *places = at->doc->places;
	const struct sl_json_mark *m = find_mark(places, at->parent->value);
	bool found = false;

	if (m != NULL) {
		t->at = m->at;
		found = sl_token_member_from(t, at->key);
	}
	if (!found)
		found = sl_json_place_seek(t, at->parent, false) && sl_token_member(t, at->key);
	if (found)
		keep_mark(places, at->parent->value, t->at, 0);
	return found;
}

bool sl_json_place_seek(struct sl_token *t, const struct sl_json_at *at, bool key)
{
	if (at->parent == NULL) {
		t->at = t->start;
		sl_token_space(t);
		return true;
	}
	if (at->key == NULL)
		return seek_element(t, at);
	return seek_member(t, at) && (key || sl_token_colon(t));
}

/* Over the text between two places, in the file's order. */
static void count_over(const char *from, const char *to, uint32_t *lines, uint32_t *characters)
{
	*lines = *characters = 0;
	for (; from < to; from++) {
		if (*from == '\n') {
			++*lines;
			*characters = 0;
		} else if (((unsigned char)*from & 0xC0) != 0x80) {
			++*characters;
		}
	}
}

void sl_json_place_count(struct sl_json_places *places, const struct sl_token *t, uint32_t *line, uint32_t *col)
{
	uint32_t lines, characters;

	if (places->counted == NULL) {
		places->counted = t->start;
		places->line = places->col = 1;
	}
	if (t->at >= places->counted) {
		count_over(places->counted, t->at, &lines, &characters);
		places->line += lines;
		places->col = characters + (lines > 0 ? 1 : places->col);
	} else {
		count_over(t->at, places->counted, &lines, &characters);
		places->line -= lines;
		places->col -= characters;
		if (lines > 0) {
			const char *start = t->at;
			while (start > t->start && start[-1] != '\n')
				start--;
			count_over(start, t->at, &lines, &characters);
			places->col = characters + 1;
		}
	}
	places->counted = t->at;
	*line = places->line;
	*col = places->col;
}
