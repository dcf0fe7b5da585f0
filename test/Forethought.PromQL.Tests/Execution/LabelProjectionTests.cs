using Forethought.Model;
using Forethought.PromQL.Execution;
using Xunit;

namespace Forethought.PromQL.Tests.Execution;

public sealed class LabelProjectionTests
{
    private static readonly Labels Series = Labels.FromStrings("__name__", "x", "a", "1", "b", "2", "c", "3");

    [Fact]
    public void Keeps_named_labels_in_whatever_order_they_are_named()
    {
        Assert.Equal(Labels.FromStrings("a", "1", "c", "3"), Apply(LabelProjection.Keeping(["c", "zz", "a", "c"])));
        Assert.Equal(Labels.Empty, Apply(LabelProjection.Keeping([])));
    }

    [Fact]
    public void Drops_named_labels()
    {
        Assert.Equal(Labels.FromStrings("__name__", "x", "b", "2"), Apply(LabelProjection.Dropping("c", "a", "aa")));
        Assert.Equal(Series, Apply(LabelProjection.Dropping()));
        Assert.Equal(Labels.FromStrings("a", "1", "b", "2", "c", "3"), Apply(LabelProjection.DroppingMetadata()));
    }

    [Fact]
    public void Agrees_with_a_label_builder_on_random_sets()
    {
        var random = new Random(3);
        for (int round = 0; round < 500; round++)
        {
            Labels labels = RandomLabels(random);
            string[] names = [.. Enumerable.Range(0, random.Next(5)).Select(_ => "l" + random.Next(12))];
            var kept = new LabelsBuilder();
            var dropped = new LabelsBuilder();
            foreach (Label label in labels)
                (names.Contains(label.NameText) ? kept : dropped).Append(label.Name, label.Value);

            Assert.Equal(kept.ToLabels(), Labels.FromPacked(LabelProjection.Keeping(names).Apply(labels.Packed)));
            Assert.Equal(dropped.ToLabels(), Labels.FromPacked(LabelProjection.Dropping(names).Apply(labels.Packed)));
        }
    }

    private static Labels Apply(LabelProjection projection) => Labels.FromPacked(projection.Apply(Series.Packed));

    private static Labels RandomLabels(Random random)
    {
        var builder = new LabelsBuilder();
        for (int i = random.Next(8); i > 0; i--)
            builder.Set("l" + random.Next(12), new string('v', random.Next(1, 300)));
        return builder.ToLabels();
    }
}
