/* behind.c - see behind.h. */
#include "enclave/pact/behind.h"

static const struct sl_field number_fields[] = {
	SL_SCALAR(struct sl_behind_number, SL_KIND_U64, units, 0, 0, "contributors"),
	SL_SCALAR(struct sl_behind_number, SL_KIND_U64, rows, 0, 0, "rows behind a quotient that is shown"),
	SL_SCALAR(struct sl_behind_number, SL_KIND_U8, band, 0, SL_BAND_COUNT_ - 1, "none 0, near 1, fair 2, far 3"),
	SL_SCALAR(struct sl_behind_number, SL_KIND_U8, rule, 0, SL_RULE_COUNT_ - 1, "of the nearest limit"),
};
static SL_RECORD(number_record, sl_behind_number, number_fields);

static const struct sl_field cell_fields[] = {
	SL_SCALAR(struct sl_behind_cell, SL_KIND_U8, before, 0, SL_BEFORE_COUNT_ - 1, "none 0, the same 1, overlaps 2"),
	SL_SCALAR(struct sl_behind_cell, SL_KIND_U64, release, 0, 0x7fffffffffffffff, "release of the earlier cell"),
	SL_SCALAR(struct sl_behind_cell, SL_KIND_U16, output, 0, SL_PLANS_MAX - 1, "its output"),
	SL_SCALAR(struct sl_behind_cell, SL_KIND_U32, cell, 0, 0, "its cell"),
	SL_SCALAR(struct sl_behind_cell, SL_KIND_U64, changed, 0, 0, "units that are not in both alike"),
	SL_SCALAR(struct sl_behind_cell, SL_KIND_U8, band, 0, SL_BAND_COUNT_ - 1, "of them, against the threshold"),
	SL_TEXT(struct sl_behind_cell, label, SL_BEHIND_LABEL_BYTES, "keys and labels of one that overlaps"),
};
static SL_RECORD(cell_record, sl_behind_cell, cell_fields);

static const struct sl_field was_fields[] = {
	SL_SCALAR(struct sl_behind_was, SL_KIND_U8, known, 0, 1, "the earlier cell has the statistic"),
	SL_SCALAR(struct sl_behind_was, SL_KIND_U8, shown, 0, 1, "0: [c]"),
	SL_SCALAR(struct sl_behind_was, SL_KIND_U8, missing, 0, 1, "shown without a value"),
	SL_SCALAR(struct sl_behind_was, SL_KIND_I64, value, 0, 0, "on the column's grid"),
};
static SL_RECORD(was_record, sl_behind_was, was_fields);

static const struct sl_field output_fields[] = {
	SL_VEC(struct sl_behind_output, numbers, nnumbers, SL_CELLS_MAX * 4, number_record, "cell-major"),
	SL_VEC(struct sl_behind_output, cells, ncells, SL_CELLS_MAX, cell_record, "one per cell"),
	SL_VEC(struct sl_behind_output, was, nwas, SL_CELLS_MAX * 4, was_record, "as numbers, or none"),
	SL_SCALAR(struct sl_behind_output, SL_KIND_U64, left_out, 0, 0, "units that the conditions leave out"),
	SL_SCALAR(struct sl_behind_output, SL_KIND_U8, band, 0, SL_BAND_COUNT_ - 1, "of them, against the threshold"),
	SL_SCALAR(struct sl_behind_output, SL_KIND_U8, compared, 0, 1, "with what was released before"),
};
static SL_RECORD(output_record, sl_behind_output, output_fields);

static const struct sl_field coarser_fields[] = {
	SL_SCALAR(struct sl_behind_coarser, SL_KIND_U16, output, 0, SL_PLANS_MAX - 1, "plan of the request"),
	SL_SCALAR(struct sl_behind_coarser, SL_KIND_U16, without, 0, SL_KEYS_MAX, "key left out; how many there are: none"),
	SL_SCALAR(struct sl_behind_coarser, SL_KIND_U32, groups, 0, SL_CELLS_MAX, "groups that somebody is in"),
	SL_SCALAR(struct sl_behind_coarser, SL_KIND_U32, few, 0, SL_CELLS_MAX, "of them, with fewer units than limit"),
	SL_SCALAR(struct sl_behind_coarser, SL_KIND_U8, at_most, 0, 1, "there may be fewer of those"),
	SL_SCALAR(struct sl_behind_coarser, SL_KIND_U32, limit, 0, 0, "the threshold; of a drawn one the largest"),
};
static SL_RECORD(coarser_record, sl_behind_coarser, coarser_fields);

static const struct sl_field tried_fields[] = {
	SL_SCALAR(struct sl_behind_tried, SL_KIND_U16, output, 0, SL_PLANS_MAX - 1, "plan of the request"),
	SL_SCALAR(struct sl_behind_tried, SL_KIND_U32, stat, 0, 0, "its statistic that is left out; 4294967295: all of it"),
	SL_SCALAR(struct sl_behind_tried, SL_KIND_U8, releasable, 0, 1, "nothing refuses then"),
	SL_SCALAR(struct sl_behind_tried, SL_KIND_U8, spent, 0, 1, "there was too little work to choose what else to hide"),
	SL_SCALAR(struct sl_behind_tried, SL_KIND_U32, numbers, 0, 0, "that are printed then"),
	SL_SCALAR(struct sl_behind_tried, SL_KIND_U32, hidden, 0, 0, "of them, [c]"),
	SL_SCALAR(struct sl_behind_tried, SL_KIND_U32, refuse, 0, 0, "findings that refuse"),
	SL_SCALAR(struct sl_behind_tried, SL_KIND_U32, suppress, 0, 0, "that suppress"),
	SL_SCALAR(struct sl_behind_tried, SL_KIND_U32, judge, 0, 0, "that are for a person"),
	SL_BLOB(struct sl_behind_tried, left, nleft, SL_FINDINGS_MAX / 8 + 1, "a bit per finding, the low one first: is left"),
};
static SL_RECORD(tried_record, sl_behind_tried, tried_fields);

static const struct sl_field level_fields[] = {
	SL_SCALAR(struct sl_behind_level, SL_KIND_U16, output, 0, SL_PLANS_MAX - 1, "plan of the request"),
	SL_SCALAR(struct sl_behind_level, SL_KIND_U16, key, 0, SL_KEYS_MAX - 1, "its key"),
	SL_SCALAR(struct sl_behind_level, SL_KIND_U16, attribute, 0, 0, "attribute of the key's reference table"),
	SL_SCALAR(struct sl_behind_level, SL_KIND_U32, groups, 0, SL_CELLS_MAX, "groups that somebody is in, by that"),
	SL_SCALAR(struct sl_behind_level, SL_KIND_U32, few, 0, SL_CELLS_MAX, "of them, with fewer units than the limit"),
	SL_SCALAR(struct sl_behind_level, SL_KIND_U8, at_most, 0, 1, "there may be fewer of those"),
};
static SL_RECORD(level_record, sl_behind_level, level_fields);

static const struct sl_field remedies_fields[] = {
	SL_VEC(struct sl_behind_remedies, tried, ntried, SL_BEHIND_TRIED_MAX, tried_record, "by output and statistic"),
	SL_SCALAR(struct sl_behind_remedies, SL_KIND_U32, untried, 0, 0, "for which there was too little work"),
	SL_VEC(struct sl_behind_remedies, levels, nlevels, SL_BEHIND_LEVELS_MAX, level_record, "by output and key"),
};
static SL_RECORD(remedies_record, sl_behind_remedies, remedies_fields);

static const struct sl_field behind_fields[] = {
	SL_VEC(struct sl_behind, outputs, noutputs, SL_PLANS_MAX, output_record, "one per plan"),
	SL_VEC(struct sl_behind, coarser, ncoarser, SL_PLANS_MAX * (SL_KEYS_MAX + 1), coarser_record,
	       "of outputs with groups too small: as asked, and without each key"),
	SL_VEC(struct sl_behind, remedies, nremedies, 1, remedies_record, "what was tried; none: nothing"),
};
SL_RECORD(sl_behind_record, sl_behind, behind_fields);

static enum sl_rc refuse(struct sl_err *err, const char *why)
{
	return sl_err_set(err, SL_E_INPUT, "behind: %s", why);
}

static bool is_nothing(const struct sl_behind_cell *c)
{
	return c->release == 0 && c->output == 0 && c->cell == 0 && c->changed == 0 && c->band == SL_BAND_NONE &&
	       (c->label == NULL || c->label[0] == '\0');
}

static bool was_is_sound(const struct sl_behind_was *w)
{
	return (w->known || !w->shown) && (w->shown || !w->missing) && ((w->shown && !w->missing) || w->value == 0);
}

static enum sl_rc check_output(const struct sl_behind_output *o, uint64_t ncells, uint32_t nstats, struct sl_err *err)
{
	if (o->ncells != ncells || o->nnumbers != ncells * nstats || (o->nwas != 0 && o->nwas != o->nnumbers))
		return refuse(err, "not one of each per cell and statistic");
	for (uint32_t i = 0; i < o->nnumbers; i++)
		if ((o->numbers[i].band == SL_BAND_NONE) != (o->numbers[i].rule == SL_RULE_NONE))
			return refuse(err, "a band without a rule, or a rule without a band");
	for (uint32_t i = 0; i < o->ncells; i++) {
		const struct sl_behind_cell *c = &o->cells[i];
		if (c->before == SL_BEFORE_NONE ? !is_nothing(c) : c->release == 0)
			return refuse(err, "an earlier cell of no release");
	}
	for (uint32_t i = 0; i < o->nwas; i++)
		if (!was_is_sound(&o->was[i]) || (o->was[i].known && o->cells[i / nstats].before == SL_BEFORE_NONE))
			return refuse(err, "an earlier number that cannot be one");
	return SL_OK;
}

/* Of an output all or nothing: as asked, then without each key in turn. */
static enum sl_rc check_coarser(const struct sl_behind *b, const struct sl_plan *plans, struct sl_err *err)
{
	uint32_t next = 0, output = 0;

	for (uint32_t i = 0; i < b->ncoarser; i++) {
		const struct sl_behind_coarser *c = &b->coarser[i];
		bool begins = next == 0;
		if (c->output >= b->noutputs || (begins && i > 0 && c->output <= output) || (!begins && c->output != output))
			return refuse(err, "outputs without a key are out of order");
		output = c->output;
		uint32_t nkeys = plans[output].nkeys;
		if (c->without != (begins ? nkeys : next - 1) || c->few > c->groups || (begins && c->few == 0))
			return refuse(err, "an output without a key that it does not have");
		next = next == nkeys ? 0 : next + 1;
	}
	return next == 0 ? SL_OK : refuse(err, "an output without some of its keys alone");
}

/* Rising: each output before its statistics, which are its author's. */
static enum sl_rc check_tried(const struct sl_behind_remedies *r, const struct sl_plan *plans, size_t nplans,
                              struct sl_err *err)
{
	uint64_t next = 0;

	for (uint32_t i = 0; i < r->ntried; i++) {
		const struct sl_behind_tried *t = &r->tried[i];
		bool whole = t->stat == SL_FINDING_WHOLE;
		if (t->output >= nplans || (!whole && (t->stat >= plans[t->output].nstats ||
		                                       sl_stat_is_implied(&plans[t->output].stats[t->stat]))))
			return refuse(err, "something was left out that was not asked for");
		uint64_t at = (uint64_t)t->output * (SL_STATS_MAX + 1) + (whole ? 0 : t->stat + 1);
		if (at < next || t->hidden > t->numbers || t->nleft != r->tried[0].nleft)
			return refuse(err, "what was left out is out of order, or has more than there is");
		next = at + 1;
	}
	return SL_OK;
}

static enum sl_rc check_levels(const struct sl_behind_remedies *r, const struct sl_plan *plans, size_t nplans,
                               const struct sl_view *view, struct sl_err *err)
{
	uint64_t next = 0;

	for (uint32_t i = 0; i < r->nlevels; i++) {
		const struct sl_behind_level *l = &r->levels[i];
		if (l->output >= nplans || l->key >= plans[l->output].nkeys || l->few > l->groups)
			return refuse(err, "groups put together by a key that is not there");
		const struct sl_plan *plan = &plans[l->output];
		const struct sl_column *base = sl_plan_base_column(plan, view, plan->keys[l->key].input);
		if (base->reference == 0 || l->attribute >= view->tables[base->reference - 1].ncolumns)
			return refuse(err, "groups put together as no reference table says");
		uint64_t at = ((uint64_t)l->output * SL_KEYS_MAX + l->key) * 65536 + l->attribute;
		if (at < next)
			return refuse(err, "groups put together out of order");
		next = at + 1;
	}
	return SL_OK;
}

bool sl_behind_cures(const struct sl_behind_tried *t, uint32_t f)
{
	return f / 8 < t->nleft && (t->left[f / 8] >> f % 8 & 1) == 0;
}

enum sl_rc sl_behind_check(const struct sl_behind *b, const struct sl_plan *plans, size_t nplans,
                           const struct sl_view *view, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	if (b->noutputs != nplans)
		return refuse(err, "not one output per plan");
	for (uint32_t i = 0; i < b->noutputs && rc == SL_OK; i++)
		rc = check_output(&b->outputs[i], sl_plan_cells(&plans[i], view), plans[i].nstats, err);
	rc = rc == SL_OK ? check_coarser(b, plans, err) : rc;
	if (rc == SL_OK && b->nremedies > 0)
		rc = check_tried(b->remedies, plans, nplans, err);
	return rc == SL_OK && b->nremedies > 0 ? check_levels(b->remedies, plans, nplans, view, err) : rc;
}

enum sl_rc sl_behind_stored(const void *data, size_t len, struct sl_behind *out, struct sl_err *err)
{
	static const uint8_t none[4];
	struct sl_buf older = { .max = SL_BEHIND_WIRE_MAX + sizeof none };
	enum sl_rc rc = sl_codec_decode_older(&sl_behind_record, data, len, out, err);

	if (rc != SL_E_INPUT)
		return rc;
	sl_buf_put(&older, data, len);
	sl_buf_put(&older, none, sizeof none);
	rc = sl_buf_ok(&older, "what stands behind the numbers", err);
	if (rc == SL_OK)
		rc = sl_codec_decode_older(&sl_behind_record, older.data, older.len, out, err);
	sl_buf_free(&older);
	return rc;
}

enum sl_margin_band sl_margin_band_of(uint64_t measured, uint64_t limit)
{
	if (limit == 0 || measured < limit)
		return SL_BAND_NONE;
	uint64_t above = measured - limit;
	if (above < limit / 4 + (limit % 4 != 0))
		return SL_BAND_NEAR;
	return above < limit ? SL_BAND_FAIR : SL_BAND_FAR;
}

const char *sl_margin_band_name(uint8_t band)
{
	static const char *const names[SL_BAND_COUNT_] = { "", "near", "fair", "far" };

	return names[band < SL_BAND_COUNT_ ? band : SL_BAND_NONE];
}
