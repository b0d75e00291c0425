/*
 * prover.c - see prover.h. From the true table: the primary is moved to its target, which leaves its equations unmet;
 * then a hidden number of an unmet equation is moved to meet it, which may leave others unmet, and so on, depth first,
 * until none is. On two-way tables these are the closed paths of hidden cells (alternating cycles); it makes no
 * difference here how many equations a number is in. No number is moved twice, and the steps are counted. Where every
 * number is in two equations at most, paths do better: see network.h.
 */
#include "policy/secondary/prover.h"

#include <stdlib.h>
#include <string.h>

#define STEPS_MAX 4000u     /* of a search; more are seldom worth it, another number to hide is cheaper */
#define TRIES_MAX 3u
#define BRANCHES_MAX 24u    /* numbers tried for one equation */
#define DEPTH_MAX 400u

/* One that nobody is behind only for the sake of another such: see reach. */
static bool can_move(const struct sl_fact *f)
{
	return f->state != SL_FACT_SHOWN && f->insider != SL_INSIDER_UNIT;
}

static void list_hidden(struct sl_prover *p, uint32_t e)
{
	const struct sl_equation *equation = &p->s->equations[e];

	p->nhidden[e] = 0;
	for (uint32_t t = equation->first; t < equation->first + equation->nterms; t++)
		if (can_move(&p->s->facts[p->s->terms[t].fact]))
			p->hidden_terms[equation->first + p->nhidden[e]++] = t;
	p->work += equation->nterms;
}

void sl_prover_changed(struct sl_prover *p, uint32_t fact)
{
	for (uint32_t i = p->s->first_place[fact]; i < p->s->first_place[fact + 1]; i++)
		list_hidden(p, p->s->places[i].equation);
	p->work += sl_network_changed(&p->network, p->s, fact);
}

enum sl_rc sl_prover_init(struct sl_prover *p, const struct sl_system *s, struct sl_err *err)
{
	size_t nfacts = (size_t)s->nfacts + 1, nequations = (size_t)s->nequations + 1;

	*p = (struct sl_prover){ .s = s, .search_work = SL_SEARCH_WORK_MAX };
	p->values = calloc(nfacts, sizeof *p->values);
	p->moved_facts = calloc(nfacts, sizeof *p->moved_facts);
	p->moved = calloc(nfacts, sizeof *p->moved);
	p->freed = calloc(nfacts, sizeof *p->freed);
	p->hidden_terms = calloc((size_t)s->nterms + 1, sizeof *p->hidden_terms);
	p->nhidden = calloc(nequations, sizeof *p->nhidden);
	p->residual = calloc(nequations, sizeof *p->residual);
	p->open = calloc(nequations, sizeof *p->open);
	p->open_at = calloc(nequations, sizeof *p->open_at);
	p->dead_ends = calloc(nequations, sizeof *p->dead_ends);
	if (p->values == NULL || p->moved_facts == NULL || p->moved == NULL || p->residual == NULL || p->open == NULL ||
	    p->open_at == NULL || p->dead_ends == NULL || p->freed == NULL || p->hidden_terms == NULL || p->nhidden == NULL)
		return sl_err_set(err, SL_E_NOMEM, "no memory to look for witnesses");
	for (uint32_t f = 0; f < s->nfacts; f++)
		p->values[f] = s->facts[f].value;
	for (uint32_t e = 0; e < s->nequations; e++)
		if (!s->equations[e].implied)
			list_hidden(p, e);
	return sl_network_init(&p->network, s, err);
}

void sl_prover_fini(struct sl_prover *p)
{
	free(p->values);
	free(p->moved_facts);
	free(p->hidden_terms);
	free(p->nhidden);
	free(p->moved);
	free(p->freed);
	free(p->residual);
	free(p->open);
	free(p->open_at);
	free(p->dead_ends);
	sl_network_fini(&p->network);
	memset(p, 0, sizeof *p);
}

static uint64_t mix(uint64_t x)
{
	x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
	return x ^ x >> 31;
}

static void set_open(struct sl_prover *p, uint32_t e)
{
	if (p->residual[e] != 0 && p->open_at[e] == 0) {
		p->open[p->nopen++] = e;
		p->open_at[e] = p->nopen;
	} else if (p->residual[e] == 0 && p->open_at[e] != 0) {
		uint32_t last = p->open[--p->nopen];
		p->open[p->open_at[e] - 1] = last;
		p->open_at[last] = p->open_at[e];
		p->open_at[e] = 0;
	}
}

static void change(struct sl_prover *p, uint32_t fact, int64_t by)
{
	p->values[fact] += by;
	for (uint32_t i = p->s->first_place[fact]; i < p->s->first_place[fact + 1]; i++) {
		p->residual[p->s->places[i].equation] += p->s->places[i].factor * by;
		set_open(p, p->s->places[i].equation);
	}
}

static void move(struct sl_prover *p, uint32_t fact, int64_t by)
{
	p->moved[fact] = 1;
	p->moved_facts[p->nmoved++] = fact;
	change(p, fact, by);
}

/* The latest move. */
static void take_back(struct sl_prover *p)
{
	uint32_t fact = p->moved_facts[--p->nmoved];

	p->moved[fact] = 0;
	change(p, fact, p->s->facts[fact].value - p->values[fact]);
}

/* The i-th number of an equation that can move. */
static const struct sl_term *hidden_term(const struct sl_prover *p, uint32_t e, uint32_t i)
{
	return &p->s->terms[p->hidden_terms[p->s->equations[e].first + i]];
}

/* How far the number can go towards meeting an equation that lacks `residual`; 0: not at all. */
static int64_t reach(const struct sl_prover *p, uint32_t fact, int32_t factor, int64_t residual)
{
	const struct sl_fact *f = &p->s->facts[fact];
	int64_t by = p->moved[fact] ? 0 : -residual * factor;

	if (f->insider == SL_INSIDER_EVERYBODY && !p->freed[fact])
		return 0;
	by = by > f->hi - p->values[fact] ? f->hi - p->values[fact] : by;
	return by < f->lo - p->values[fact] ? f->lo - p->values[fact] : by;
}

struct branch {
	uint32_t fact;
	int64_t by;
	int64_t unmet;  /* of its equations, after: the less the better */
	uint64_t tie;
};

/* What a move leaves unmet in the number's equations. */
static int64_t unmet_after(const struct sl_prover *p, uint32_t fact, int64_t by)
{
	int64_t sum = 0;

	for (uint32_t i = p->s->first_place[fact]; i < p->s->first_place[fact + 1]; i++) {
		int64_t r = p->residual[p->s->places[i].equation] + p->s->places[i].factor * by;
		sum += r < 0 ? -r : r;
	}
	return sum;
}

static bool is_better(const struct branch *a, const struct branch *b)
{
	return a->unmet != b->unmet ? a->unmet < b->unmet : a->tie < b->tie;
}

/* The most promising numbers for an equation, best first. */
static uint32_t list_branches(struct sl_prover *p, uint32_t e, struct branch out[static BRANCHES_MAX])
{
	uint32_t n = 0;

	p->work += p->nhidden[e];
	for (uint32_t i = 0; i < p->nhidden[e]; i++) {
		const struct sl_term *t = hidden_term(p, e, i);
		struct branch b = { .fact = t->fact };
		if ((b.by = reach(p, t->fact, t->factor, p->residual[e])) == 0)
			continue;
		p->work += p->s->first_place[t->fact + 1] - p->s->first_place[t->fact];
		b.unmet = unmet_after(p, t->fact, b.by);
		b.tie = mix(p->seed ^ t->fact);
		if (n == BRANCHES_MAX && !is_better(&b, &out[n - 1]))
			continue;
		uint32_t at = n < BRANCHES_MAX ? n++ : n - 1;
		for (; at > 0 && is_better(&b, &out[at - 1]); at--)
			out[at] = out[at - 1];
		out[at] = b;
	}
	return n;
}

/* The unmet equation with the fewest ways out, looked at among the latest. */
static uint32_t hardest(struct sl_prover *p)
{
	uint32_t best = p->open[p->nopen - 1], least = UINT32_MAX;

	for (uint32_t k = 0; k < p->nopen && k < 16; k++) {
		uint32_t e = p->open[p->nopen - 1 - k], ways = 0;
		for (uint32_t i = 0; i < p->nhidden[e] && ways < least; i++, p->work++) {
			const struct sl_term *t = hidden_term(p, e, i);
			ways += reach(p, t->fact, t->factor, p->residual[e]) != 0;
		}
		if (ways < least) {
			least = ways;
			best = e;
		}
	}
	return best;
}

static bool search(struct sl_prover *p, uint32_t depth)
{
	struct branch branches[BRANCHES_MAX];

	if (p->nopen == 0)
		return true;
	uint32_t e = hardest(p), n = depth < DEPTH_MAX ? list_branches(p, e, branches) : 0;
	for (uint32_t i = 0; i < n && p->steps_left > 0; i++) {
		p->steps_left = p->work < p->work_end ? p->steps_left - 1 : 0;
		move(p, branches[i].fact, branches[i].by);
		if (search(p, depth + 1))
			return true;
		take_back(p);
	}
	p->dead_ends[e]++;
	return false;
}

/* Of a table that was found nothing is unmet; paths leave nothing unmet on their way, and nobody counts it there. */
static void back_to_true(struct sl_prover *p)
{
	while (p->nmoved > 0 && !p->by_paths)
		take_back(p);
	for (; p->nmoved > 0; p->nmoved--) {
		uint32_t fact = p->moved_facts[p->nmoved - 1];
		p->moved[fact] = 0;
		p->values[fact] = p->s->facts[fact].value;
	}
	p->by_paths = false;
}

static void begin(struct sl_prover *p)
{
	back_to_true(p);
	p->steps_left = STEPS_MAX;
	p->work_end = p->work + p->search_work;
}

/* Of a primary that nobody is behind: who does not know that knows it neither of its parts nor of its wholes. */
static void free_parts(struct sl_prover *p, uint32_t primary, uint8_t freed)
{
	const struct sl_system *s = p->s;

	if (s->facts[primary].insider != SL_INSIDER_EVERYBODY)
		return;
	for (uint32_t i = s->first_place[primary]; i < s->first_place[primary + 1]; i++) {
		const struct sl_equation *e = &s->equations[s->places[i].equation];
		uint32_t terms[2] = { 0, 0 }; /* on either side */
		for (uint32_t t = e->first; t < e->first + e->nterms; t++)
			terms[s->terms[t].factor == 1]++;
		for (uint32_t t = e->first; t < e->first + e->nterms && (terms[0] == 1 || terms[1] == 1); t++)
			if (s->terms[t].factor != s->places[i].factor)
				p->freed[s->terms[t].fact] = freed;
		p->work += 2 * (uint64_t)e->nterms;
	}
}

static bool try_all(struct sl_prover *p, uint32_t primary, int64_t target)
{
	for (p->seed = 0; p->seed < TRIES_MAX; p->seed++) {
		begin(p);
		move(p, primary, target - p->values[primary]);
		if (search(p, 0))
			return true;
		if (p->steps_left > 0)
			return false; /* every way was tried */
	}
	return false;
}

/* --- by paths: see network.h ----------------------------------------------------------------------------- */

static void begin_paths(struct sl_prover *p, uint32_t primary, int64_t target)
{
	back_to_true(p);
	p->by_paths = true;
	p->values[primary] = target;
	p->moved[primary] = 1;
	p->moved_facts[p->nmoved++] = primary;
}

/* What is to be carried back for the primary, in the network at hand: as much as it can. */
static void carry(struct sl_prover *p, struct sl_route *r)
{
	uint32_t from = p->network.from[r->fixed], to = p->network.to[r->fixed];
	bool up = p->values[r->fixed] > p->s->facts[r->fixed].value;
	int64_t carried = 1;

	r->source = up ? to : from;
	r->sink = up ? from : to;
	r->wanted = from == to ? 0 : r->wanted; /* outside of all equations */
	while (r->wanted > 0 && carried > 0) {
		carried = sl_network_carry(&p->network, p->s, r, p->values, &p->work);
		r->wanted -= carried;
		for (uint32_t i = 0; i < p->network.npath; i++) {
			uint32_t fact = p->network.path[i];
			if (!p->moved[fact])
				p->moved_facts[p->nmoved++] = fact;
			p->moved[fact] = 1;
		}
	}
}

static uint32_t places_of(const struct sl_prover *p, uint32_t fact)
{
	return p->s->first_place[fact + 1] - p->s->first_place[fact];
}

/* With what is hidden: in the whole, or slice by slice, what the one does not carry the next may. */
static bool find_hidden(struct sl_prover *p, uint32_t primary, int64_t target, struct sl_route *r)
{
	int64_t by = target - p->s->facts[primary].value;
	uint32_t n = places_of(p, primary);

	begin_paths(p, primary, target);
	*r = (struct sl_route){ .fixed = primary, .wanted = by > 0 ? by : -by, .banned = r->banned, .key = r->key,
		                .freed = p->freed, .moved = p->moved };
	if (p->network.whole)
		carry(p, r);
	for (uint32_t a = 0; a < n && r->wanted > 0 && !p->network.whole; a++)
		for (uint32_t b = a + 1; b < n && n > 2 && r->wanted > 0; b++) {
			p->work += sl_network_slice(&p->network, p->s, primary, a, b);
			carry(p, r);
		}
	return r->wanted == 0;
}

/* The rest with what is shown as well, in the network at hand. */
static bool find_shown(struct sl_prover *p, struct sl_route *r)
{
	r->may_hide = true;
	carry(p, r);
	return r->wanted == 0;
}

static uint64_t cost_of_shown(const struct sl_prover *p)
{
	uint64_t cost = 0;

	for (uint32_t i = 0; i < p->nmoved; i++) {
		const struct sl_fact *f = &p->s->facts[p->moved_facts[i]];
		cost += f->state == SL_FACT_SHOWN && p->values[p->moved_facts[i]] != f->value ? f->cost : 0;
	}
	return cost;
}

static bool find_in_slice(struct sl_prover *p, uint32_t primary, int64_t target, struct sl_route *r, uint32_t a,
                          uint32_t b)
{
	if (find_hidden(p, primary, target, r))
		return true;
	p->work += sl_network_slice(&p->network, p->s, primary, a, b);
	return find_shown(p, r);
}

static bool find_in_cheapest(struct sl_prover *p, uint32_t primary, int64_t target, struct sl_route *r)
{
	uint32_t n = places_of(p, primary), best_a = 0, best_b = 0;
	uint64_t least = UINT64_MAX;

	for (uint32_t a = 0; a < n && n > 2; a++)
		for (uint32_t b = a + 1; b < n; b++)
			if (find_in_slice(p, primary, target, r, a, b) && cost_of_shown(p) < least) {
				least = cost_of_shown(p);
				best_a = a;
				best_b = b;
			}
	return best_b > 0 && find_in_slice(p, primary, target, r, best_a, best_b);
}

bool sl_prover_find(struct sl_prover *p, uint32_t primary, int64_t target)
{
	struct sl_route r = { .banned = UINT32_MAX };

	memset(p->dead_ends, 0, p->s->nequations * sizeof *p->dead_ends);
	p->work += p->s->nequations;
	free_parts(p, primary, 1);
	bool found = find_hidden(p, primary, target, &r) || (!p->network.whole && try_all(p, primary, target));
	free_parts(p, primary, 0);
	return found;
}

bool sl_prover_find_hiding(struct sl_prover *p, uint32_t primary, int64_t target, uint32_t banned, uint64_t key)
{
	struct sl_route r = { .banned = banned, .key = key };

	free_parts(p, primary, 1);
	bool found = p->network.whole ? find_hidden(p, primary, target, &r) || find_shown(p, &r)
	                              : find_in_cheapest(p, primary, target, &r);
	free_parts(p, primary, 0);
	return found;
}

int64_t sl_prover_blocked(struct sl_prover *p, uint32_t primary, int64_t target, int64_t *room)
{
	const struct sl_route r = { .fixed = primary, .freed = p->freed };
	int64_t by = target - p->s->facts[primary].value;

	free_parts(p, primary, 1);
	for (uint32_t f = 0; f < p->s->nfacts; f++)
		room[f] = sl_network_room(&p->network, p->s, &r, f);
	free_parts(p, primary, 0);
	p->work += p->s->nfacts;
	return by > 0 ? by : -by;
}
