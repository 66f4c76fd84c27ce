"""The distributions that bounds rest on: normal, beta, binomial, gamma, Poisson and Student, each checked against scipy.

Every function is pure and needs the standard library alone. An argument without meaning is a programming error and
raises `ValueError` with the value.

How the distributions are computed: on the logit scale (beta) or the log scale (gamma) both densities are log-concave.
A tail is then the density times a Mills ratio that is smooth and never small, the logarithm of a tail is concave, and
Newton's method finds every quantile from any start. The density is written as a deviance from its mode, so that nothing
cancels at 10^8 events.
"""

import math
from collections.abc import Callable

# --- Checks -----------------------------------------------------------------------------------------------------------


def require_probability(value: float) -> None:
    """ValueError unless the value is a probability."""
    if not 0 <= value <= 1:
        raise ValueError(f"p = {value!r}: a probability lies from 0 to 1")


def require_positive(name: str, value: float) -> None:
    """ValueError with the name unless the value is positive and finite."""
    if not 0 < value < math.inf:
        raise ValueError(f"{name} = {value!r}: it must be positive and finite")


# --- Normal -----------------------------------------------------------------------------------------------------------


def normal_cdf(z: float) -> float:
    """P[Z <= z] of the standard normal, accurate in the far left tail (complementary error function)."""
    return 0.5 * math.erfc(-z / math.sqrt(2))


def normal_quantile(p: float) -> float:
    """The z with P[Z <= z] = p, for p from 0 (minus infinity) to 1 (infinity); ValueError outside.

    Start: Abramowitz and Stegun 26.2.22; then Halley steps on the logarithm of the smaller tail.
    """
    require_probability(p)
    tail = min(p, 1 - p)
    if tail == 0:
        return -math.inf if p == 0 else math.inf
    log_tail = math.log(tail)
    t = math.sqrt(-2 * log_tail)
    start = (2.30753 + 0.27061 * t) / (1 + 0.99229 * t + 0.04481 * t * t) - t

    def lower(z: float) -> tuple[float, float, float]:
        log_density = -0.5 * z * z - 0.5 * math.log(2 * math.pi)
        log_lower = math.log(0.5 * math.erfc(-z / math.sqrt(2)))
        return log_lower, math.exp(log_lower - log_density), -z

    z = _solve(lower, log_tail, start)
    return z if p <= 0.5 else -z


# --- Machinery shared by beta and gamma -------------------------------------------------------------------------------

_SETTLED = 3e-5
"""Relative error of a tail at which the last Halley step (cubic) leaves less than 1e-13."""

_REACH = 30.0
"""Integrals stop where the integrand has fallen to exp(-30) of its start: a relative 1e-13 is left out."""


def _gauss_legendre(order: int) -> tuple[tuple[float, float], ...]:
    """Nodes and weights on (0, 1), by Newton's method on the Legendre recurrence (0.4 ms, at import)."""

    def legendre(t: float) -> tuple[float, float]:
        before, value = 1.0, t
        for k in range(2, order + 1):
            before, value = value, ((2 * k - 1) * t * value - (k - 1) * before) / k
        return value, order * (before - t * value) / (1 - t * t)

    rule = []
    for i in range(order // 2):  # an even order: the nodes lie in pairs about the middle
        t = math.cos(math.pi * (i + 0.75) / (order + 0.5))
        for _ in range(4):  # the start is good to 1e-4, and each step squares the error
            value, derivative = legendre(t)
            t -= value / derivative
        _, derivative = legendre(t)
        weight = 1 / ((1 - t * t) * derivative * derivative)
        rule += [((1 + t) / 2, weight), ((1 - t) / 2, weight)]
    return tuple(rule)


_NODES = _gauss_legendre(28)

NEGLIGIBLE = 1e-4
"""A count (or shape) whose lower bound, at most 0.5^10000, is 0 among floats."""


def _area(log_ratio: Callable[[float], float], slope: float, curvature: float) -> float:
    """The integral from 0 of exp(log_ratio(s)), a concave function that starts at 0 and falls: a Mills ratio.

    `slope` and `curvature` (both >= 0, not both 0) describe the fall at 0 and give the first guess of the range.
    """
    reach = 2 * _REACH / (slope + math.sqrt(slope * slope + 2 * _REACH * curvature))
    short, long = 0.0, math.inf
    while True:
        fall = -log_ratio(reach)
        if fall < _REACH:
            short = reach
            # For a concave function the chord through 0 extended to the wanted depth never stops short of it.
            reach = reach * _REACH / fall * 1.01 if long == math.inf else (short + long) / 2
        elif fall > 1.3 * _REACH:
            long = reach
            reach = (short + long) / 2
        else:
            break
    return reach * sum(weight * math.exp(log_ratio(reach * node)) for node, weight in _NODES)


def _solve(tail: Callable[[float], tuple[float, float, float]], log_target: float, start: float) -> float:
    """The point where a log-concave distribution function takes the value exp(log_target).

    `tail(u)` gives the logarithm of the function, function / density, and the slope of the log density.
    The logarithm is concave and rising, so Newton's method comes home from anywhere; Halley's correction
    only damps the step or lengthens it to at most twice.
    """
    u = start
    for _ in range(200):
        log_tail, mills, slope = tail(u)
        excess = log_tail - log_target
        correction = 1 + 0.5 * excess * (1 - slope * mills)
        u -= excess * mills / (correction if correction > 0.5 else 1.0)
        if abs(excess) < _SETTLED:
            return u
    raise ArithmeticError(f"no quantile found for log tail {log_target!r} from {start!r}")


def _log_complement(log_p: float) -> float:
    """log(1 - exp(log_p)); a log_p that rounding has pushed to 0 counts as just below it."""
    return math.log(max(-math.expm1(log_p), 1e-300))


def exp_or_infinity(x: float) -> float:
    """exp, with infinity instead of an overflow error."""
    return math.exp(x) if x < 709 else math.inf


def _stirling_error(a: float) -> float:
    """lgamma(a + 1) minus Stirling's formula; it tends to 1/(12 a)."""
    if a < 16:
        return math.lgamma(a + 1) - (a + 0.5) * math.log(a) + a - 0.5 * math.log(2 * math.pi)
    s = 1 / (a * a)
    return (1 / 12 - s * (1 / 360 - s / 1260)) / a  # the next term is below 3e-12


# --- Beta and binomial ------------------------------------------------------------------------------------------------


def logistic(u: float) -> float:
    """The share whose logit is u, without overflow."""
    if u >= 0:
        return 1 / (1 + math.exp(-u))
    e = math.exp(u)
    return e / (1 + e)


def log_logistic(u: float) -> float:
    """The logarithm of `logistic`, accurate in both tails."""
    return -math.log1p(math.exp(-u)) if u >= 0 else u - math.log1p(math.exp(u))


def _beta_fraction(a: float, b: float, x: float, y: float, below: float) -> float:
    """The same for small a or b: the even part of the continued fraction DLMF 8.17.22, by Lentz's method.

    Its denominators are written with `below` in place of a - (a+b) x: then they are sums of positive terms, and nothing
    cancels next to x = 1. Some 10 rounds for a < 10 and b > 1. No count of events leads to b < 1 beside a large a,
    where it takes thousands.
    """
    n = a + b
    value = c = (1 + below) / (a + 1)
    d = 0.0
    for m in range(1, 100_000):
        # Two neighbouring terms of the original fraction: their product, and 1 plus the even one plus the next odd one.
        top = a + 2 * m
        even = m * (b - m) * x / ((top - 1) * top)
        product = -(a + (m - 1)) * (n + m - 1) * x / ((a + (2 * m - 2)) * (top - 1)) * even
        denominator = even + ((a + m) * (1 + below + m * (2 + y)) + m * (m + 1)) / (top * (top + 1))
        d = 1 / (denominator - product * d)
        c = denominator - product / c
        value *= c * d
        if abs(c * d - 1) < 1e-15:
            return 1 / (a * value)
    raise ArithmeticError(f"the incomplete beta function did not converge at a = {a!r}, b = {b!r}, x = {x!r}")


def _beta_mills(a: float, b: float, x: float, y: float, below: float) -> float:
    """Lower tail / density on the logit scale at x = 1 - y, which lies `below` / (a + b) under the mean."""
    if a < 10 or (b < 0.03 and below < 1):
        return _beta_fraction(a, b, x, y, below)
    n = a + b
    if x <= y:
        return _area(lambda s: -a * s - n * math.log1p(x * math.expm1(-s)), below, n * x * y)
    # The same exponent, written so that its two terms stay small next to x = 1.
    return _area(lambda s: b * s - n * math.log1p(y * math.expm1(s)), below, n * x * y)


def beta_log_tails(a: float, b: float, u: float) -> tuple[float, float, float]:
    """Logarithms of the lower tail, the upper tail and the density of logit(X), X ~ Beta(a, b), at u."""
    n = a + b
    x, y = logistic(u), logistic(-u)
    # Distance from the mode in units of 1/n, from the smaller parameter: the larger one would cancel.
    above = n * x - a if a <= b else b - n * y
    log_a = math.log1p(above / a) if abs(above) < 0.5 * a else log_logistic(u) + math.log(n / a)
    log_b = math.log1p(-above / b) if abs(above) < 0.5 * b else log_logistic(-u) + math.log(n / b)
    log_density = (
        0.5 * (math.log(a) - math.log(n) + math.log(b / (2 * math.pi)))
        + _stirling_error(n)
        - _stirling_error(a)
        - _stirling_error(b)
        + a * log_a
        + b * log_b
    )
    if above <= 0:
        log_lower = log_density + math.log(_beta_mills(a, b, x, y, -above))
        return log_lower, _log_complement(log_lower), log_density
    log_upper = log_density + math.log(_beta_mills(b, a, y, x, above))
    return _log_complement(log_upper), log_upper, log_density


def _beta_start(a: float, b: float, log_q: float) -> float:
    """A first guess, on the logit scale, of the point with lower tail q <= 0.5."""
    if a >= 1 and b < 1:
        # With b = 1 the distribution function is x^a.
        log_x = log_q / a
        return log_x - math.log(-math.expm1(log_x))
    # The first term of the power series, x^a / (a B(a, b)), lies above the function when b >= 1.
    power = (log_q + math.log(a) + math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)) / a
    if a < 1:
        return power
    # Abramowitz and Stegun 26.5.22.
    z = -normal_quantile(math.exp(log_q))
    ra, rb = 1 / (2 * a - 1), 1 / (2 * b - 1)
    h = 2 / (ra + rb)
    third = (z * z - 3) / 6
    w = z * math.sqrt(h + third) / h - (rb - ra) * (third + 5 / 6 - 2 / (3 * h))
    return max(power, math.log(a / b) - 2 * w)


def beta_logit_quantile(a: float, b: float, log_q: float, start: float | None = None) -> float:
    """logit(x) of the x with lower tail exp(log_q) <= 0.5 under Beta(a, b)."""
    if a < NEGLIGIBLE and b >= 1:
        return -math.inf

    def lower(u: float) -> tuple[float, float, float]:
        log_lower, _, log_density = beta_log_tails(a, b, u)
        return log_lower, math.exp(min(log_lower - log_density, 700)), a - (a + b) * logistic(u)

    return _solve(lower, log_q, _beta_start(a, b, log_q) if start is None else start)


def beta_cdf(x: float, a: float, b: float) -> float:
    """P[X <= x] for X ~ Beta(a, b): the regularised incomplete beta function, accurate in the lower tail.

    a and b are positive; ValueError otherwise, and for x outside [0, 1]. ArithmeticError in a corner that no counts
    lead to (a parameter under 0.001 beside one over 10^5). Method: Lentz's continued fraction for a small parameter,
    else Gauss-Legendre quadrature of the Mills ratio.
    """
    require_positive("a", a)
    require_positive("b", b)
    if not 0 < x < 1:
        require_probability(x)
        return float(x)
    return math.exp(beta_log_tails(a, b, math.log(x) - math.log1p(-x))[0])


def beta_quantile(p: float, a: float, b: float) -> float:
    """The x with P[X <= x] = p for X ~ Beta(a, b), accurate relative to x even where x is tiny."""
    require_positive("a", a)
    require_positive("b", b)
    if not 0 < p < 1:
        require_probability(p)
        return float(p)
    if p <= 0.5:
        return logistic(beta_logit_quantile(a, b, math.log(p)))
    return logistic(-beta_logit_quantile(b, a, math.log1p(-p)))


def binomial_tail(k: float, n: float, p: float) -> float:
    """P[X >= k] for X ~ Binomial(n, p), accurate in the far tail; real-valued k and n interpolate by the beta function."""
    require_probability(p)
    if not 0 <= n < math.inf or math.isnan(k):
        raise ValueError(f"k = {k!r}, n = {n!r}: they must be numbers, n finite and not negative")
    if k <= 0:
        return 1.0
    if k > n:
        return 0.0
    return beta_cdf(p, k, n - k + 1)


# --- Gamma and Poisson ------------------------------------------------------------------------------------------------


def _gamma_log_tails(shape: float, x: float, u: float) -> tuple[float, float, float]:
    """Logarithms of the lower tail, the upper tail and the density of log(X), X ~ Gamma(shape), at u = log(x)."""
    above = x - shape
    log_ratio = math.log1p(above / shape) if abs(above) < 0.5 * shape else u - math.log(shape)
    log_density = 0.5 * math.log(shape / (2 * math.pi)) - _stirling_error(shape) + shape * log_ratio - above
    if shape < 10 and x < shape + 1:
        # Power series, DLMF 8.7.1: positive terms only.
        term = total = 1 / shape
        k = shape
        while term > 1e-17 * total:
            k += 1
            term *= x / k
            total += term
        log_lower = log_density + math.log(total)
        return log_lower, _log_complement(log_lower), log_density
    if above <= 0:
        mills = _area(lambda s: -shape * s - x * math.expm1(-s), -above, x)
        log_lower = log_density + math.log(mills)
        return log_lower, _log_complement(log_lower), log_density
    mills = _gamma_fraction(shape, x) if shape < 10 else _area(lambda s: shape * s - x * math.expm1(s), above, x)
    log_upper = log_density + math.log(mills)
    return _log_complement(log_upper), log_upper, log_density


def _gamma_fraction(shape: float, x: float) -> float:
    """Upper tail / density on the log scale by Legendre's continued fraction (DLMF 8.9.2, Lentz), for x >= shape + 1."""
    b = x + 1 - shape
    d = 1 / b
    c = math.inf
    value = d
    for i in range(1, 100_000):
        step = i * (shape - i)
        b += 2
        d = 1 / (b + step * d)
        c = b + step / c
        value *= c * d
        if abs(c * d - 1) < 1e-15:
            return value
    raise ArithmeticError(f"the incomplete gamma function did not converge at shape = {shape!r}, x = {x!r}")


def gamma_cdf(x: float, shape: float) -> float:
    """P[X <= x] for X ~ Gamma(shape) with scale 1: the regularised incomplete gamma function, accurate in the lower tail."""
    require_positive("shape", shape)
    if not x > 0:
        if math.isnan(x):
            raise ValueError(f"x = {x!r}: it must be a number")
        return 0.0
    if x == math.inf:
        return 1.0
    return math.exp(_gamma_log_tails(shape, x, math.log(x))[0])


def gamma_quantile(p: float, shape: float) -> float:
    """The x with P[X <= x] = p for X ~ Gamma(shape) with scale 1."""
    require_positive("shape", shape)
    if not 0 < p < 1:
        require_probability(p)
        return 0.0 if p == 0 else math.inf
    if shape < NEGLIGIBLE and p <= 0.5:
        return 0.0
    # Wilson and Hilferty's cube root, or the first term of the power series, which lies above the function.
    root = 1 - 1 / (9 * shape) + normal_quantile(p) / (3 * math.sqrt(shape))
    start = (math.log(p) + math.lgamma(shape + 1)) / shape
    if root > 0:
        start = max(start, math.log(shape) + 3 * math.log(root))

    def lower(u: float) -> tuple[float, float, float]:
        log_lower, _, log_density = _gamma_log_tails(shape, math.exp(u), u)
        return log_lower, math.exp(min(log_lower - log_density, 700)), shape - math.exp(u)

    def upper(v: float) -> tuple[float, float, float]:
        _, log_upper, log_density = _gamma_log_tails(shape, math.exp(-v), -v)
        return log_upper, math.exp(min(log_upper - log_density, 700)), math.exp(-v) - shape

    if p <= 0.5:
        return math.exp(_solve(lower, math.log(p), start))
    return math.exp(-_solve(upper, math.log1p(-p), -start))


def poisson_tail(k: float, mu: float) -> float:
    """P[X >= k] for X ~ Poisson(mu), accurate in the far tail; a real-valued k interpolates by the gamma function."""
    if not 0 <= mu < math.inf or math.isnan(k):
        raise ValueError(f"k = {k!r}, mu = {mu!r}: they must be numbers, mu finite and not negative")
    if k <= 0:
        return 1.0
    if k == math.inf:
        return 0.0
    return gamma_cdf(mu, k)


# --- Student ----------------------------------------------------------------------------------------------------------


def student_quantile(p: float, df: float) -> float:
    """The t with P[T <= t] = p for Student's t with real-valued df > 0 degrees of freedom; infinite df is the normal.

    Method: df / (df + T^2) ~ Beta(df/2, 1/2).
    """
    require_probability(p)
    if df == math.inf:
        return normal_quantile(p)
    require_positive("df", df)
    if p in (0, 1):
        return -math.inf if p == 0 else math.inf
    both = 2 * min(p, 1 - p)
    if both <= 0.5:
        z = -normal_quantile(both / 2)
        # Cornish and Fisher's first term for many degrees of freedom; the power law for few.
        start = math.log(df) - 2 * math.log(z + (z**3 + z) / (4 * df)) if df >= 4 else None
        size = math.sqrt(df) * exp_or_infinity(-0.5 * beta_logit_quantile(df / 2, 0.5, math.log(both), start))
    elif both < 1:
        middle = math.log(2 * abs(p - 0.5))
        size = math.sqrt(df) * exp_or_infinity(0.5 * beta_logit_quantile(0.5, df / 2, middle))
    else:
        size = 0.0
    return size if p > 0.5 else -size
