using Forethought.Regex;

namespace Forethought.Model.Tests;

public sealed class RelabellerTests
{
    [Fact]
    public void Replace_expands_groups_in_target_and_replacement()
    {
        var rule = new RelabelRule { SourceLabels = ["a", "b"], Pattern = "(.*);(.*)", TargetLabel = "${1}_x", Replacement = "<$2>" };
        Assert.Equal("""{a="n", b="v", n_x="<v>"}""", Apply(rule, "a", "n", "b", "v"));
    }

    [Fact]
    public void Replace_with_an_empty_result_removes_the_target() =>
        Assert.Equal("""{a="1"}""", Apply(new RelabelRule { TargetLabel = "b", Replacement = "" }, "a", "1", "b", "2"));

    [Fact]
    public void Replace_leaves_the_set_alone_when_nothing_matches() =>
        Assert.Equal("""{a="1"}""", Apply(new RelabelRule { SourceLabels = ["a"], Pattern = "2", TargetLabel = "b" }, "a", "1"));

    [Fact]
    public void Keep_and_drop_are_anchored()
    {
        var keep = new RelabelRule { SourceLabels = ["a"], Pattern = "oo", Action = RelabelAction.Keep };
        Assert.Null(Apply(keep, "a", "foo"));
        Assert.NotNull(Apply(keep, "a", "oo"));
        var drop = keep with { Action = RelabelAction.Drop };
        Assert.NotNull(Apply(drop, "a", "foo"));
        Assert.Null(Apply(drop, "a", "oo"));
    }

    [Fact]
    public void Keepequal_and_dropequal_compare_with_the_target()
    {
        var keep = new RelabelRule { SourceLabels = ["a"], TargetLabel = "b", Action = RelabelAction.KeepEqual };
        Assert.NotNull(Apply(keep, "a", "1", "b", "1"));
        Assert.Null(Apply(keep, "a", "1", "b", "2"));
        Assert.Null(Apply(keep with { Action = RelabelAction.DropEqual }, "a", "1", "b", "1"));
    }

    [Fact]
    public void Hashmod_takes_the_last_half_of_the_md5()
    {
        // md5("foo") = acbd18db4cc2f85c edef654fccc4a4d8; 0xedef654fccc4a4d8 mod 1000 = 696.
        var rule = new RelabelRule { SourceLabels = ["a"], TargetLabel = "h", Modulus = 1000, Action = RelabelAction.HashMod };
        Assert.Equal("""{a="foo", h="696"}""", Apply(rule, "a", "foo"));
    }

    [Fact]
    public void Labelmap_copies_and_does_not_look_at_its_own_results()
    {
        var rule = new RelabelRule { Pattern = "m_(.+)", Action = RelabelAction.LabelMap };
        Assert.Equal("""{a="1", m_a="2", m_m_a="2"}""", Apply(rule, "m_a", "1", "m_m_a", "2"));
    }

    [Fact]
    public void Labeldrop_and_labelkeep_go_by_name()
    {
        var drop = new RelabelRule { Pattern = "a|b", Action = RelabelAction.LabelDrop };
        Assert.Equal("""{c="3"}""", Apply(drop, "a", "1", "b", "2", "c", "3"));
        Assert.Equal("""{a="1", b="2"}""", Apply(drop with { Action = RelabelAction.LabelKeep }, "a", "1", "b", "2", "c", "3"));
    }

    [Fact]
    public void Cases_are_mapped_beyond_ascii()
    {
        var rule = new RelabelRule { SourceLabels = ["a"], TargetLabel = "a", Action = RelabelAction.Uppercase };
        Assert.Equal("""{a="ÉA"}""", Apply(rule, "a", "éa"));
        Assert.Equal("""{a="éa"}""", Apply(rule with { Action = RelabelAction.Lowercase }, "a", "ÉA"));
    }

    [Theory]
    [InlineData("relabel configuration for hashmod requires non-zero modulus", RelabelAction.HashMod, "t", 0)]
    [InlineData("relabel configuration for replace action requires 'target_label' value", RelabelAction.Replace, "", 0)]
    [InlineData("labeldrop action requires only 'regex', and no other fields", RelabelAction.LabelDrop, "t", 0)]
    public void Invalid_rules_are_refused_with_the_reference_text(string message, RelabelAction action, string target, ulong modulus)
    {
        Assert.Equal(message, new RelabelRule { Action = action, TargetLabel = target, Modulus = modulus }.Validate(NameValidation.Utf8));
    }

    [Theory]
    [InlineData("a${1}b", true)]
    [InlineData("$1_$name", true)]
    [InlineData("1$1", false)]
    [InlineData("a$", false)]
    [InlineData("a${b", false)]
    [InlineData("a-b$1", false)]
    public void Legacy_templates_are_names_with_references(string target, bool valid)
    {
        string? error = new RelabelRule { TargetLabel = target }.Validate(NameValidation.Legacy);
        Assert.Equal(valid, error is null);
    }

    [Fact]
    public void A_broken_pattern_is_named_with_the_anchors_around_it()
    {
        var rule = new RelabelRule { TargetLabel = "x", Pattern = "(" };
        Re2SyntaxException error = Assert.Throws<Re2SyntaxException>(() => new Relabeller([rule]));
        Assert.Equal("error parsing regexp: missing closing ): `^(?s:()$`", error.Message);
    }

    [Fact]
    public void Actions_are_known_in_any_case_and_unknown_ones_are_named()
    {
        foreach (RelabelAction action in Enum.GetValues<RelabelAction>())
            Assert.Equal(action, RelabelRule.ParseAction(RelabelRule.NameOf(action).ToUpperInvariant()));
        Assert.Equal("unknown relabel action \"foo\"", Assert.Throws<FormatException>(() => RelabelRule.ParseAction("foo")).Message);
    }

    private static string? Apply(RelabelRule rule, params string[] labels)
    {
        var builder = new LabelsBuilder();
        builder.Reset(Labels.FromStrings(labels));
        return new Relabeller([rule]).Apply(builder) ? builder.ToLabels().ToString() : null;
    }
}
