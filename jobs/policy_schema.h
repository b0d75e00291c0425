/*
 * policy_schema.h - what a schema can say of a policy file, for editors and stock validators: JSON Schema draft-07.
 *
 * Nothing here decides: sl_policy_load does. docs/policy.md lists what a schema cannot say.
 */
#ifndef SL_JOBS_POLICY_SCHEMA_H
#define SL_JOBS_POLICY_SCHEMA_H

/* sl_policy_schema - the schema as one JSON text. */
extern const char sl_policy_schema[];

/* sl_catalogue_schema - the same of a catalogue, datapackage.json with our keys; sl_catalogue_load decides. */
extern const char sl_catalogue_schema[];

#endif
