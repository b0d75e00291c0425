/*
 * check_before.c - which cell of an earlier release each row is most like: the number that a reader of both will hold
 * beside it. Cells are found by their conditions and by the units that they share; what was printed is not known here.
 */
#include "policy/check_state.h"
#include "policy/history/meeting.h"

/* One space, and the row that is looked at. */
struct search {
	const struct sl_history *history;
	const struct sl_audit *audit;
	const struct sl_earlier_output *own; /* the row's output */
	uint32_t set, cell;                  /* the row */
	struct sl_meetings meetings;
};

/* What differs between the row and another set. */
static uint64_t changed(const struct search *s, uint32_t other)
{
	const struct sl_meeting *m = &s->meetings.with[other];

	return s->audit->sets[s->set].units + s->audit->sets[other].units - m->both - m->alike;
}

static bool is_row(const struct sl_audit *a, uint32_t output, uint32_t set)
{
	return (set - a->outputs[output].first_set) % a->outputs[output].per_cell == 0;
}

/* An output that has no statistic in common with this one says nothing in its place. */
static bool tells_of_it(const struct search *s, uint32_t output)
{
	const struct sl_earlier_output *then = &s->history->outputs[output];

	for (uint32_t i = 0; i < then->nstats; i++)
		for (uint32_t j = 0; j < s->own->nstats; j++)
			if (then->stats[i].hash == s->own->stats[j].hash)
				return true;
	return false;
}

/* Where an output is asked for again, its cells are in the same places, also those that nobody is in. */
static uint32_t in_place(const struct search *s)
{
	const struct sl_audit *a = s->audit;

	for (uint32_t o = a->nearlier; o-- > 0;) {
		uint64_t set = (uint64_t)a->outputs[o].first_set + (uint64_t)s->cell * a->outputs[o].per_cell;
		if (set < a->outputs[o + 1].first_set && sl_audit_same(&a->sets[s->set], &a->sets[set]) && tells_of_it(s, o))
			return (uint32_t)set;
	}
	return SL_AUDIT_NO_SET;
}

static bool overlaps(const struct search *s, uint32_t other)
{
	uint64_t x = s->audit->sets[s->set].units, y = s->audit->sets[other].units;

	return s->meetings.with[other].both > (x > y ? x : y) / 2;
}

/* The newest by its conditions; else what fewest units tell apart, the newest of those. */
static bool is_better(const struct search *s, uint32_t set, uint32_t best)
{
	const struct sl_audit_set *sets = s->audit->sets;

	if (best == SL_AUDIT_NO_SET)
		return true;
	bool same = sl_audit_same(&sets[s->set], &sets[set]), was = sl_audit_same(&sets[s->set], &sets[best]);
	if (same != was)
		return same;
	uint64_t x = same ? 0 : changed(s, set), y = same ? 0 : changed(s, best);
	return x != y ? x < y : set > best;
}

static uint32_t most_like(const struct search *s)
{
	const struct sl_audit *a = s->audit;
	uint32_t best = SL_AUDIT_NO_SET;

	for (uint32_t i = 0; i < s->meetings.nmet; i++) {
		uint32_t set = s->meetings.met[i];
		if (set >= a->outputs[a->nearlier].first_set || !overlaps(s, set))
			continue;
		uint32_t output = sl_audit_output_of(a, set);
		if (is_row(a, output, set) && tells_of_it(s, output) && is_better(s, set, best))
			best = set;
	}
	return best;
}

static void note(struct search *s, struct sl_behind_cell *out)
{
	const struct sl_audit *a = s->audit;

	sl_meet(&s->meetings, a, s->set);
	uint32_t set = in_place(s);
	set = set != SL_AUDIT_NO_SET ? set : most_like(s);
	if (set == SL_AUDIT_NO_SET)
		return;
	uint32_t output = sl_audit_output_of(a, set);
	uint64_t units = changed(s, set);
	*out = (struct sl_behind_cell){
		.before = sl_audit_same(&a->sets[s->set], &a->sets[set]) ? SL_BEFORE_SAME : SL_BEFORE_OVERLAP,
		.release = s->history->outputs[output].release,
		.output = s->history->outputs[output].output,
		.cell = (set - a->outputs[output].first_set) / a->outputs[output].per_cell,
		.changed = units,
		.band = (uint8_t)sl_margin_band_of(units, a->threshold),
	};
}

enum sl_rc sl_check_before(struct sl_check_state *st, const struct sl_history *h, const struct sl_audit *a,
                           const struct sl_earlier_output *own, struct sl_err *err)
{
	struct search s = { .history = h, .audit = a };

	if (st->behind == NULL || h->noutputs == 0 || h->nplans == 0 ||
	    st->behind->outputs[h->plans[0].plan].compared != 0)
		return SL_OK;
	enum sl_rc rc = sl_meetings_init(&s.meetings, a, err);
	for (uint32_t k = 0; k < h->nplans && rc == SL_OK; k++) {
		const struct sl_audit_output *o = &a->outputs[a->nearlier + k];
		struct sl_behind_output *out = &st->behind->outputs[h->plans[k].plan];
		s.own = &own[k];
		out->compared = 1;
		for (s.cell = 0; s.cell < out->ncells; s.cell++) {
			s.set = o->first_set + s.cell * o->per_cell;
			note(&s, &out->cells[s.cell]);
		}
	}
	sl_meetings_fini(&s.meetings);
	return rc;
}
