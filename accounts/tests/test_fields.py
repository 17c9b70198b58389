"""Form fields in the look of the portal: labels, hints and errors belong to their control."""

from __future__ import annotations

from typing import Any

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.template import Context, Template
from lxml import html


class Example(forms.Form):
    title = forms.CharField(label="Title", help_text="As on the poster.")
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea)
    kind = forms.ChoiceField(label="Type", choices=[("talk", "Talk"), ("visit", "Visit")])
    badges = forms.MultipleChoiceField(
        label="Badges", choices=[("EC", "EC"), ("PF", "PF")], widget=forms.CheckboxSelectMultiple
    )
    mode = forms.ChoiceField(label="Mode", choices=[("a", "adds"), ("r", "replaces")], widget=forms.RadioSelect)
    agreed = forms.BooleanField(label="I agree", help_text="Needed.")
    sheet = forms.FileField(label="Sheet")
    secret = forms.CharField(widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        raise ValidationError("The dates do not fit.")


def tree(form: forms.Form) -> Any:
    return html.fromstring(f"<form>{form}</form>")


@pytest.fixture
def refused() -> Any:
    return tree(Example({}))


@pytest.fixture
def fresh() -> Any:
    return tree(Example())


@pytest.mark.parametrize(
    ("name", "css"),
    [("title", "form-control"), ("note", "form-control"), ("kind", "form-select"), ("agreed", "form-check-input")],
)
def test_every_control_has_its_look_and_its_label(fresh: Any, name: str, css: str) -> None:
    control = fresh.xpath(f'//*[@name="{name}"]')[0]
    assert control.get("class") == css
    assert len(fresh.xpath(f'//label[@for="{control.get("id")}"]')) == 1


def test_optional_fields_say_so_and_others_do_not(fresh: Any) -> None:
    labels = [" ".join(label.text_content().split()) for label in fresh.xpath("//label | //legend")]
    assert "Note (optional)" in labels
    assert "Title" in labels


def test_groups_have_a_legend_and_each_choice_a_label(fresh: Any) -> None:
    for name in ("badges", "mode"):
        fieldset = fresh.xpath(f'//fieldset[.//input[@name="{name}"]]')[0]
        assert len(fieldset.xpath("./legend")) == 1
        for choice in fieldset.xpath(".//input"):
            assert choice.get("class") == "form-check-input"
            assert len(fieldset.xpath(f'.//label[@for="{choice.get("id")}"]')) == 1


def test_hint_and_error_are_told_with_the_control(refused: Any) -> None:
    control = refused.xpath('//*[@name="title"]')[0]
    told = control.get("aria-describedby").split()
    texts = [refused.get_element_by_id(one).text_content().strip() for one in told]
    assert texts == ["As on the poster.", "This field is required."]
    assert control.get("aria-invalid") == "true"
    assert control.get("class") == "form-control is-invalid"


def test_the_summary_leads_to_every_field_with_an_error(refused: Any) -> None:
    summary = refused.xpath('//div[@class="error-summary"]')[0]
    lines = [" ".join(line.text_content().split()) for line in summary.xpath(".//li")]
    assert lines[0] == "The dates do not fit."
    assert "Title: This field is required." in lines
    targets = [link.get("href")[1:] for link in summary.xpath(".//a")]
    assert len(targets) == 6
    for target in targets:
        assert refused.xpath(f'//*[@id="{target}"]'), target


def test_a_form_without_errors_has_no_summary(fresh: Any) -> None:
    assert fresh.xpath('//div[@class="error-summary"]') == []


def test_the_hidden_field_is_there_once(fresh: Any) -> None:
    assert len(fresh.xpath('//input[@name="secret"]')) == 1


def test_a_bare_control_keeps_its_own_class() -> None:
    class Own(forms.Form):
        q = forms.CharField(widget=forms.TextInput(attrs={"class": "wide"}))

    text = Template("{% load fields %}{% control form.q %}").render(Context({"form": Own()}))
    assert 'class="form-control wide"' in text
