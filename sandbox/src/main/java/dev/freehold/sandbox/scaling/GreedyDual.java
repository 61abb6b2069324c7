package dev.freehold.sandbox.scaling;

/// Which of several things to give up first: the one with the least priority, which grows with how
/// often it was used and with what it costs to have it again, and falls with its size. What was
/// given up raises all that is used later, so that what was often used once, long ago, goes too.
public final class GreedyDual {
    private double inflation;

    /// The priority of something that is used now.
    ///
    /// @param uses how often it was used, at least 1
    /// @param cost what it takes to have it again
    /// @param size what it takes up, more than 0
    public double priority(long uses, double cost, double size) {
        return inflation + uses * cost / size;
    }

    /// Something was given up.
    public void gaveUp(double priority) {
        inflation = Math.max(inflation, priority);
    }
}
