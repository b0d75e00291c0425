/* note.c - see note.h. */
#include "policy/note.h"

#include <stdlib.h>
#include <string.h>

struct sl_err *sl_notes_add(struct sl_notes *notes, enum sl_note_kind kind, const char *file, uint32_t line,
                            uint32_t col, const char *rule, const char *fmt, ...)
{
	static struct sl_err nowhere; /* takes what a full list cannot; never read */
	va_list ap;

	sl_err_clear(&nowhere);
	if (notes->nitems >= SL_NOTES_MAX)
		return &nowhere;
	struct sl_note *items = realloc(notes->items, (notes->nitems + 1) * sizeof *items);
	if (items == NULL) {
		notes->failed = true;
		return &nowhere;
	}
	notes->items = items;
	struct sl_note *n = &items[notes->nitems++];
	memset(n, 0, sizeof *n);
	n->kind = (uint8_t)kind;
	va_start(ap, fmt);
	(void)sl_err_vset(&n->what, SL_E_INPUT, fmt, ap);
	va_end(ap);
	sl_err_at(&n->what, file, line, col);
	sl_err_rule(&n->what, rule);
	return &n->what;
}

uint32_t sl_notes_errors(const struct sl_notes *notes)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < notes->nitems; i++)
		n += notes->items[i].kind == SL_NOTE_ERROR;
	return n;
}

void sl_notes_free(struct sl_notes *notes)
{
	free(notes->items);
	*notes = (struct sl_notes){ 0 };
}
