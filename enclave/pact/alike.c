/* alike.c - see alike.h. */
#include "enclave/pact/alike.h"

#include <stdlib.h>

#include "enclave/pact/members.h"

void sl_alike_put(struct sl_buf *out, uint32_t column, const struct sl_alike_place *places, uint32_t n)
{
	sl_varint_put(out, column);
	sl_varint_put(out, n);
	for (uint32_t i = 0; i < n; i++) {
		bool first = i == 0 || places[i].group != places[i - 1].group;
		if (first && i > 0)
			sl_varint_put(out, 0);
		sl_varint_put(out, first ? places[i].set : places[i].set - places[i - 1].set);
		sl_varint_put(out, places[i].times);
	}
}

static bool get_u32(struct sl_cursor *c, uint32_t *v)
{
	uint64_t wide = sl_varint_get(c);

	*v = (uint32_t)wide;
	return !c->failed && wide <= UINT32_MAX;
}

/* NULL: they are counted only. False: they are none. */
static bool get_places(struct sl_cursor *c, uint32_t n, struct sl_alike_place *places)
{
	uint32_t set = 0, group = 0, by, times;

	for (uint32_t i = 0; i < n; i++) {
		if (!get_u32(c, &by))
			return false;
		if (i > 0 && by == 0) {
			group++;
			set = 0;
			if (!get_u32(c, &by))
				return false;
		}
		if (by > UINT32_MAX - set || !get_u32(c, &times) || times == 0)
			return false;
		set += by;
		if (places != NULL)
			places[i] = (struct sl_alike_place){ set, group, times };
	}
	return true;
}

/* The same bytes once more, into what there is room for now; out and places NULL: they are counted. */
static bool get_all(struct sl_cursor c, struct sl_alike *out, struct sl_alike_place *places, uint32_t *nout,
                    uint32_t *nplaces)
{
	*nout = *nplaces = 0;
	while (sl_cursor_left(&c) > 0) {
		struct sl_alike one = { .units = sl_varint_get(&c), .first = *nplaces };
		if (!get_u32(&c, &one.column) || !get_u32(&c, &one.n) || one.units == 0 || one.n == 0 ||
		    one.n > sl_cursor_left(&c) / 2 || !get_places(&c, one.n, places != NULL ? &places[*nplaces] : NULL))
			return false;
		if (out != NULL)
			out[*nout] = one;
		++*nout;
		*nplaces += one.n;
	}
	return true;
}

enum sl_rc sl_alike_read(const uint8_t *bytes, uint32_t nbytes, struct sl_alike **out, uint32_t *nout,
                         struct sl_alike_place **places, uint32_t *nplaces, struct sl_err *err)
{
	const struct sl_cursor c = sl_cursor_over(bytes, nbytes);

	*out = NULL;
	*places = NULL;
	if (!get_all(c, NULL, NULL, nout, nplaces)) {
		*nout = *nplaces = 0;
		return sl_err_set(err, SL_E_INPUT, "atoms: rows that are alike are none");
	}
	*out = malloc(((size_t)*nout + 1) * sizeof **out);
	*places = malloc(((size_t)*nplaces + 1) * sizeof **places);
	if (*out == NULL || *places == NULL) {
		free(*out);
		free(*places);
		*out = NULL;
		*places = NULL;
		*nout = *nplaces = 0;
		return sl_err_set(err, SL_E_NOMEM, "out of memory to look at atoms");
	}
	(void)get_all(c, *out, *places, nout, nplaces);
	return SL_OK;
}
