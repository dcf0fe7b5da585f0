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

    // Simple case mappings of Unicode, as Go's strings.ToLower and ToUpper apply them rune by rune.
    [Theory]
    [InlineData("İSTANBUL", "istanbul")]
    [InlineData("ΑΣ", "ας")]
    [InlineData("ẞǅK", "ßǆk")]
    public void Lower_case_is_gos(string value, string lower)
    {
        var rule = new RelabelRule { SourceLabels = ["a"], TargetLabel = "a", Action = RelabelAction.Lowercase };
        Assert.Equal(lower.Replace('ς', 'σ'), Value(Apply(rule, "a", value)));
    }

    [Theory]
    [InlineData("ısſ", "ISS")]
    [InlineData("straße", "STRASSE")]
    [InlineData("ǆÿµ", "ǄŸΜ")]
    public void Upper_case_is_gos(string value, string upper)
    {
        var rule = new RelabelRule { SourceLabels = ["a"], TargetLabel = "a", Action = RelabelAction.Uppercase };
        Assert.Equal(upper.Replace("STRASSE", "STRAßE", StringComparison.Ordinal), Value(Apply(rule, "a", value)));
    }

    [Fact]
    public void Rules_act_in_order_and_end_at_the_first_that_drops()
    {
        var relabeller = new Relabeller(
        [
            new RelabelRule { TargetLabel = "step", Replacement = "one" },
            new RelabelRule { SourceLabels = ["step"], Pattern = "one", TargetLabel = "step", Replacement = "two" },
            new RelabelRule { SourceLabels = ["step"], Pattern = "two", Action = RelabelAction.Drop },
        ]);
        Assert.False(relabeller.Apply(new LabelsBuilder()));
        Assert.False(relabeller.IsEmpty);
        Assert.True(Relabeller.None.IsEmpty);
        Assert.True(Relabeller.None.Apply(new LabelsBuilder()));
    }

    [Fact]
    public void A_constant_is_set_without_sources_and_an_explicit_pattern_must_match()
    {
        Assert.Equal("""{a="1", b="x"}""", Apply(new RelabelRule { TargetLabel = "b", Replacement = "x" }, "a", "1"));
        Assert.Equal("""{a="1"}""", Apply(new RelabelRule { Pattern = "nothing", TargetLabel = "b", Replacement = "x" }, "a", "1"));
        Assert.Equal("""{a="1", b="x"}""", Apply(new RelabelRule { SourceLabels = ["a"], TargetLabel = "b", Replacement = "x" }, "a", "1"));
        Assert.Equal("""{a="1"}""", Apply(new RelabelRule { TargetLabel = "b", Replacement = "" }, "a", "1", "b", "2"));
    }

    [Fact]
    public void Values_of_several_sources_are_joined_absent_ones_as_nothing()
    {
        var rule = new RelabelRule { SourceLabels = ["a", "missing", "b"], Separator = "--", TargetLabel = "j" };
        Assert.Equal("1----2", Value(Apply(rule, "a", "1", "b", "2"), "j"));
        Assert.Equal(";;", Value(Apply(rule with { Separator = ";" }, "x", "y"), "j"));
        string longValue = new('v', 3_000);
        Assert.Equal(longValue + "----" + longValue, Value(Apply(rule, "a", longValue, "b", longValue), "j"));
    }

    [Fact]
    public void A_target_that_expands_to_no_valid_name_leaves_the_set_alone()
    {
        var rule = new RelabelRule { SourceLabels = ["a"], TargetLabel = "${1}", Replacement = "x" };
        Assert.Equal("""{a="n-m", n-m="x"}""".Replace("n-m=", "\"n-m\"=", StringComparison.Ordinal), Apply(rule, "a", "n-m"));
        var builder = new LabelsBuilder();
        builder.Set("a", "n-m");
        Assert.True(new Relabeller([rule], NameValidation.Legacy).Apply(builder));
        Assert.Equal("""{a="n-m"}""", builder.ToLabels().ToString());
        Assert.Equal("""{a=""}""".Replace("a=\"\"", "", StringComparison.Ordinal), Apply(rule with { SourceLabels = ["b"] }));
    }

    [Fact]
    public void Labelmap_expands_groups_into_names()
    {
        var rule = new RelabelRule { Pattern = "__meta_(my.+)_(.+)", Replacement = "${2}_$1", Action = RelabelAction.LabelMap };
        Assert.Equal("""{__meta_my_a_b="v", b_my_a="v"}""", Apply(rule, "__meta_my_a_b", "v"));
    }

    [Fact]
    public void Patterns_with_many_groups_are_expanded()
    {
        string pattern = string.Concat(Enumerable.Repeat("(.)", 40));
        var rule = new RelabelRule { SourceLabels = ["a"], Pattern = pattern, TargetLabel = "t", Replacement = "${40}${1}" };
        Assert.Equal("zy", Value(Apply(rule, "a", "y" + new string('x', 38) + "z"), "t"));
    }

    // Upstream's Config.Validate (model/relabel/relabel.go).
    [Fact]
    public void Each_contradiction_of_a_rule_is_named()
    {
        Assert.Equal("\"${3}\" is invalid 'target_label' for lowercase action", Fault(new() { Action = RelabelAction.Lowercase, TargetLabel = "${3}" }, NameValidation.Legacy));
        Assert.Null(Fault(new() { Action = RelabelAction.Lowercase, TargetLabel = "${3}" }));
        Assert.Null(Fault(new() { TargetLabel = "0${3}" }));
        Assert.Equal("\"0${3}\" is invalid 'target_label' for replace action", Fault(new() { TargetLabel = "0${3}" }, NameValidation.Legacy));
        Assert.Equal("\"a-b\" is invalid 'target_label' for hashmod action", Fault(new() { Action = RelabelAction.HashMod, Modulus = 1, TargetLabel = "a-b" }, NameValidation.Legacy));
        Assert.Equal("'replacement' can not be set for uppercase action", Fault(new() { Action = RelabelAction.Uppercase, TargetLabel = "t", Replacement = "x" }));
        Assert.Equal("'replacement' can not be set for keepequal action", Fault(new() { Action = RelabelAction.KeepEqual, TargetLabel = "t", Replacement = "x" }));
        Assert.Equal("\"-$1\" is invalid 'replacement' for labelmap action", Fault(new() { Action = RelabelAction.LabelMap, Replacement = "-$1" }, NameValidation.Legacy));
        Assert.Equal("\"\" is invalid 'replacement' for labelmap action", Fault(new() { Action = RelabelAction.LabelMap, Replacement = "" }));
        const string OnlySources = " action requires only 'source_labels' and `target_label`, and no other fields";
        Assert.Equal("dropequal" + OnlySources, Fault(new() { Action = RelabelAction.DropEqual, TargetLabel = "t", Pattern = "(.*)" }));
        Assert.Equal("keepequal" + OnlySources, Fault(new() { Action = RelabelAction.KeepEqual, TargetLabel = "t", Separator = "," }));
        Assert.Equal("keepequal" + OnlySources, Fault(new() { Action = RelabelAction.KeepEqual, TargetLabel = "t", Modulus = 2 }));
        const string OnlyPattern = " action requires only 'regex', and no other fields";
        Assert.Equal("labeldrop" + OnlyPattern, Fault(new() { Action = RelabelAction.LabelDrop, SourceLabels = [] }));
        Assert.Equal("labelkeep" + OnlyPattern, Fault(new() { Action = RelabelAction.LabelKeep, Replacement = "x" }));
        Assert.Null(Fault(new() { Action = RelabelAction.LabelKeep, Pattern = "x" }));
        Assert.Equal("relabel configuration for hashmod requires non-zero modulus", Assert.Throws<ArgumentException>(() => new Relabeller([new RelabelRule { Action = RelabelAction.HashMod }])).Message);

        static string? Fault(RelabelRule rule, NameValidation validation = NameValidation.Utf8) => rule.Validate(validation);
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

    private static string? Value(string? labels, string name = "a")
    {
        Assert.NotNull(labels);
        int start = labels.IndexOf(name + "=\"", StringComparison.Ordinal) + name.Length + 2;
        return labels[start..labels.IndexOf('"', start)];
    }

    private static string? Apply(RelabelRule rule, params string[] labels)
    {
        var builder = new LabelsBuilder();
        builder.Reset(Labels.FromStrings(labels));
        return new Relabeller([rule]).Apply(builder) ? builder.ToLabels().ToString() : null;
    }
}
