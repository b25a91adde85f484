#ifndef MISH_CONTROLLER_CONF_VALUE_H
#define MISH_CONTROLLER_CONF_VALUE_H

/* Values of mishd.conf. Each function returns what is wrong, or NULL. */

/* What is wrong, with figures; good until the next one of this thread (a reload has its own). */
const char *conf_value_wrong(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* A decimal number from min to max. */
const char *conf_value_number(const char *word, double min, double max, double *ret);

#endif
