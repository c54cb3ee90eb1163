import {Component, onWillStart, useEffect, useRef} from "@odoo/owl";
import {loadBundle} from "@web/core/assets";
import {cookie} from "@web/core/browser/cookie";
import {getColor, hexToRGBA} from "@web/core/colors/colors";

/* global Chart */

const PALETTE = 6;

/** Lines or bars whose points open what they count. */
export class DashboardChart extends Component {
    static template = "dcrm_analytics.DashboardChart";
    static props = {block: Object};

    setup() {
        this.canvas = useRef("canvas");
        this.scheme = cookie.get("color_scheme");
        onWillStart(() => loadBundle("web.chartjs_lib"));
        useEffect(() => {
            const chart = new Chart(this.canvas.el, this.config);
            return () => chart.destroy();
        });
    }

    get block() {
        return this.props.block;
    }

    get isLine() {
        return this.block.type === "line";
    }

    get config() {
        return {
            type: this.isLine ? "line" : "bar",
            data: {
                labels: this.block.labels,
                datasets: this.block.series.map((series, index) =>
                    this.dataset(series, index)
                ),
            },
            options: {
                animation: false,
                maintainAspectRatio: false,
                interaction: {mode: "nearest", intersect: !this.isLine},
                onClick: (_ev, elements) => this.open(elements),
                onHover: (ev, elements) => {
                    const leads = elements.some(
                        (element) => this.figureOf(element).model
                    );
                    ev.native.target.style.cursor = leads ? "pointer" : "default";
                },
                plugins: {
                    legend: {display: this.block.series.length > 1, position: "bottom"},
                    tooltip: {callbacks: {label: (item) => this.label(item)}},
                },
                scales: this.scales,
            },
        };
    }

    dataset(series, index) {
        const color = getColor(index, this.scheme, PALETTE);
        return {
            label: series.label,
            data: series.figures.map((figure) => figure.value),
            borderColor: color,
            backgroundColor: hexToRGBA(color, this.isLine ? 0.15 : 0.85),
            fill: Boolean(series.fill),
            borderWidth: this.isLine ? 2 : 0,
            borderDash: series.dashed ? [4, 4] : [],
            borderRadius: 3,
            maxBarThickness: 56,
            pointRadius: series.figures.length > 40 || series.dashed ? 0 : 3,
            tension: 0,
            yAxisID: index && series.unit !== this.block.series[0].unit ? "y1" : "y",
        };
    }

    get scales() {
        const [first, ...others] = this.block.series;
        const other = others.find((series) => series.unit !== first.unit);
        const scales = {
            x: {
                grid: {display: false},
                title: {display: Boolean(this.block.x_title), text: this.block.x_title},
                ticks: {maxRotation: 0, autoSkipPadding: 12},
            },
            y: this.axis(first.unit),
        };
        if (other) {
            scales.y1 = {
                ...this.axis(other.unit),
                position: "right",
                grid: {display: false},
            };
        }
        return scales;
    }

    axis(unit) {
        return {
            beginAtZero: true,
            border: {display: false},
            ticks: {
                maxTicksLimit: 6,
                callback: (value) => this.env.dcrmDashboard.format({value, unit}),
            },
        };
    }

    figureOf({datasetIndex, index}) {
        return this.block.series[datasetIndex].figures[index];
    }

    label(item) {
        const figure = this.figureOf({
            datasetIndex: item.datasetIndex,
            index: item.dataIndex,
        });
        return `${item.dataset.label}: ${this.env.dcrmDashboard.format(figure)}`;
    }

    open([element]) {
        if (element && this.figureOf(element).model) {
            this.env.dcrmDashboard.open(this.figureOf(element));
        }
    }
}
