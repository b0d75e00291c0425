/* wires.c - see wires.h. */
#include "tests/unit/pact/wires.h"

#include <string.h>

#include "enclave/pact/behind.h"
#include "enclave/pact/history.h"
#include "enclave/pact/load.h"
#include "enclave/pact/result.h"
#include "enclave/pact/setup.h"

const struct wire_record wire_records[] = {
	{ "view", &sl_view_record }, { "expr", &sl_expr_record }, { "plan", &sl_plan_record },
	{ "result", &sl_result_record }, { "publication", &sl_publication_record },
	{ "behind", &sl_behind_record },
	{ "script_setup", &sl_script_setup_record }, { "script_end", &sl_script_end_record },
	{ "engine_setup", &sl_engine_setup_record }, { "check_setup", &sl_check_setup_record },
	{ "rules", &sl_rules_record }, { "param", &sl_param_record }, { "end", &sl_end_record },
	{ "load_setup", &sl_load_setup_record }, { "load_report", &sl_load_report_record },
	{ "load_progress", &sl_load_progress_record },
	{ "members", &sl_members_record }, { "atoms", &sl_atoms_packed_record }, { "history", &sl_history_record },
	{ "public", &sl_public_record },
};
/* Those of sluice-load are among them; their fuzz target is load_frames. */
const size_t nwire_records = sizeof wire_records / sizeof wire_records[0];

struct writer {
	uint32_t items, seed, at, field;
	enum wire_fault fault;
	bool put, cut;       /* the fault was written; nothing may follow */
	struct sl_buf *out;
};

static uint32_t draw(struct writer *w)
{
	w->seed = w->seed * 1664525u + 1013904223u;
	return w->seed >> 8;
}

static int bytes_of(enum sl_kind kind)
{
	static const int8_t bytes[] = { [SL_KIND_U8] = 1, [SL_KIND_U16] = 2, [SL_KIND_U32] = 4, [SL_KIND_U64] = 8,
		[SL_KIND_I8] = -1, [SL_KIND_I32] = -4, [SL_KIND_I64] = -8, [SL_KIND_I128] = -16 };

	return bytes[kind];
}

static void put_int(struct writer *w, int64_t v, int bytes)
{
	for (int i = 0; i < bytes; i++)
		sl_buf_u8(w->out, (uint8_t)(i < 8 ? (uint64_t)v >> (8 * i) : v < 0 ? 0xFF : 0));
}

/* Whether a value one step outside [lo, hi] can be written at all in that many bytes. */
static bool can_hold(int64_t v, int bytes)
{
	int n = bytes < 0 ? -bytes : bytes;

	if (n >= 8)
		return true;
	if (bytes < 0)
		return v >= -(INT64_C(1) << (8 * n - 1)) && v < INT64_C(1) << (8 * n - 1);
	return v >= 0 && v < INT64_C(1) << (8 * n);
}

static void write_scalar(struct writer *w, const struct sl_field *f, bool here)
{
	int bytes = bytes_of(f->kind), n = bytes < 0 ? -bytes : bytes;
	bool whole = f->lo == 0 && f->hi == 0;
	int64_t v = whole ? (int64_t)draw(w) % 100 : f->lo + (int64_t)draw(w) % (f->hi - f->lo + 1);
	int64_t bad = w->fault == WIRE_BELOW ? f->lo - 1 : f->hi + 1;

	if (here && !whole && (w->fault == WIRE_BELOW || w->fault == WIRE_ABOVE) && can_hold(bad, bytes)) {
		v = bad;
		w->put = true;
	}
	put_int(w, v, n);
}

static void write_text(struct writer *w, const struct sl_field *f, bool here)
{
	uint32_t n = draw(w) % (f->max < 9 ? f->max + 1 : 9), claimed;

	if (here && w->fault == WIRE_LONG)
		n = f->max + 1;
	if (here && (w->fault == WIRE_NOT_UTF8 || w->fault == WIRE_NUL))
		n = f->max < 3 ? f->max : 3;
	claimed = n;
	if (here && w->fault == WIRE_HOSTILE)
		claimed = UINT32_MAX;
	if (here && w->fault == WIRE_PAST_END)
		claimed = f->max;
	sl_buf_u32(w->out, claimed);
	uint8_t *text = sl_buf_room(w->out, n); /* up to megabytes: in one piece */
	for (uint32_t i = 0; i < n && text != NULL; i++)
		text[i] = here && w->fault == WIRE_NOT_UTF8 ? 0xC3
		          : here && w->fault == WIRE_NUL    ? 0
		                                            : (uint8_t)('a' + draw(w) % 26);
	w->put |= here && n > 0 && (w->fault == WIRE_LONG || (f->kind == SL_KIND_TEXT && w->fault >= WIRE_NOT_UTF8));
	if (here && (w->fault == WIRE_HOSTILE || w->fault == WIRE_PAST_END)) {
		w->put = claimed > n;
		w->cut = w->fault == WIRE_PAST_END;
	}
}

static void write_record(struct writer *w, const struct sl_record *rec);

static void write_vector(struct writer *w, const struct sl_field *f, bool here)
{
	uint32_t n = w->items < f->max ? w->items : f->max;

	w->put |= here && w->fault >= WIRE_LONG && w->fault <= WIRE_PAST_END;
	w->cut = here && w->fault == WIRE_PAST_END;
	sl_buf_u32(w->out, !here || !w->put               ? n
	                   : w->fault == WIRE_LONG    ? f->max + 1
	                   : w->fault == WIRE_HOSTILE ? UINT32_MAX
	                                              : f->max);
	for (uint32_t i = 0; i < n && !w->cut; i++)
		write_record(w, f->sub);
}

static void write_record(struct writer *w, const struct sl_record *rec)
{
	for (size_t i = 0; i < rec->nfields && !w->cut; i++) {
		const struct sl_field *f = &rec->fields[i];
		bool here = w->field++ == w->at && w->fault != WIRE_RIGHT;
		if (f->kind == SL_KIND_REC)
			write_record(w, f->sub);
		else if (f->kind == SL_KIND_VEC)
			write_vector(w, f, here);
		else if (f->kind == SL_KIND_TEXT || f->kind == SL_KIND_BLOB)
			write_text(w, f, here);
		else if (f->kind == SL_KIND_BYTES)
			for (uint32_t k = 0; k < f->max; k++)
				sl_buf_u8(w->out, (uint8_t)draw(w));
		else
			write_scalar(w, f, here);
	}
}

bool wire_write(const struct sl_record *record, uint32_t items, uint32_t seed, enum wire_fault fault, uint32_t at,
                struct sl_buf *out, uint32_t *fields)
{
	struct writer w = { .items = items, .seed = seed, .at = at, .fault = fault, .out = out };

	write_record(&w, record);
	*fields = w.field;
	return fault == WIRE_RIGHT || w.put;
}
