import {registry} from "@web/core/registry";

registry.category("web_tour.tours").add("dcrm_points_statement", {
    steps: () => [
        {
            content: "from the portal's home",
            trigger: ".o_portal_docs a[href='/my/points']:contains(Points)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "what the company has",
            trigger: "[name=points_figures] [data-points='280.0']:contains(280)",
        },
        {
            content: "what is pending, and from when on it can be used",
            trigger: "[name=points_awaited]:contains(40)",
        },
        {
            content: "until when some of it is to be used",
            trigger: "[name=points_expiring]:contains(180)",
        },
        {
            content: "and what it could be had for",
            trigger: "[name=points_rewards]:contains(50) .fa-check",
        },
        {
            content: "how it was used",
            trigger: ".o_portal_points tbody:contains(10 off):contains(−120)",
        },
        {
            content: "look at what was earned only",
            trigger: "#portal_searchbar_filters",
            run: "click",
        },
        {
            trigger: ".dropdown-menu.show .dropdown-item:contains(Earned)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_portal_points tbody:not(:contains(10 off))",
        },
        {
            content: "the order that brought them",
            trigger: ".o_portal_points tr:contains('+100') a",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "is the member's own",
            trigger: ".o_portal_sale_sidebar, #portal_sale_content",
        },
    ],
});
